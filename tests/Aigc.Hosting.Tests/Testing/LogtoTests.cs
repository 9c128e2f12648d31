namespace Aigc.Hosting.Tests.Testing;

/// <summary>The product with Logto beside it: in the model for a deployment, and no obstacle to a run that has no container engine.</summary>
public sealed class LogtoTests
{
    [Fact]
    public async Task It_is_a_container_with_a_database_of_its_own_where_it_is_asked_for()
    {
        var data = Directory.CreateTempSubdirectory("aigc-hosting-");
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Aigc_AppHost>(
            ["--AIGC_PORT=0", "--AIGC_STORES=embedded", "--AIGC_IDENTITY=logto", $"--AIGC_DATA_DIR={data.FullName}"], patience.Token);
        await using (var app = await builder.BuildAsync(patience.Token))
        {
            var logto = builder.Resources.OfType<ContainerResource>().Single(resource => resource.Name == "logto");
            logto.Entrypoint.ShouldBe("sh");
            var image = logto.Annotations.OfType<ContainerImageAnnotation>().ShouldHaveSingleItem();
            image.Image.ShouldBe("docker.io/svhd/logto");
            var environment = new EnvironmentCallbackContext(builder.ExecutionContext);
            foreach (var annotation in logto.Annotations.OfType<EnvironmentCallbackAnnotation>())
                await annotation.Callback(environment);
            environment.EnvironmentVariables.Keys.ShouldBe(["TRUST_PROXY_HEADER", "DB_URL", "ENDPOINT", "ADMIN_ENDPOINT"], ignoreOrder: true);
            builder.Resources.OfType<PostgresDatabaseResource>().ShouldContain(database => database.DatabaseName == "logto");

            await app.StartAsync(patience.Token);
            await app.ResourceNotifications.WaitForResourceHealthyAsync("proxy", patience.Token);
        }

        data.Delete(recursive: true);
    }

    [Fact]
    public async Task Another_provider_is_not_taken_for_it()
    {
        var failure = await Should.ThrowAsync<DistributedApplicationException>(
            () => DistributedApplicationTestingBuilder.CreateAsync<Aigc_AppHost>(["--AIGC_IDENTITY=keycloak"]));
        failure.Message.ShouldContain("ended before it built");
    }
}
