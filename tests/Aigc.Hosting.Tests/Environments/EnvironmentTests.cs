using System.Net.Http.Json;

namespace Aigc.Hosting.Tests.Environments;

/// <summary>What a project finds in its environment: without it services don't find each other or their data.</summary>
public sealed class EnvironmentTests
{
    [Fact]
    public async Task A_project_is_told_its_stores_services_and_address()
    {
        var data = Directory.CreateTempSubdirectory("aigc-hosting-").FullName;
        var builder = Run.Builder(
            $"--Hosting:DataDirectory={data}", "--ConnectionStrings:given=Host=elsewhere", "--ConnectionStrings:server=Host=pg;Port=1",
            "--Parameters:colour=green", "--ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL=http://127.0.0.1:1", "--AppHost:OtlpApiKey=key");
        var colour = builder.AddParameter("colour");
        var generated = builder.AddParameter("generated", new GenerateParameterDefault { MinLength = 30 }, secret: true);
        var other = builder.AddExecutable("other-one", "sleep", ".", "1000").WithHttpEndpoint(name: "http", env: "PORT");
        var endpoint = other.GetEndpoint("http");
        var service = builder.AddProject<Sample_Service>("the-service", launchProfileName: null)
            .WithHttpEndpoint()
            .WithHttpHealthCheck("/health")
            .WithReference(builder.AddConnectionString("given"))
            .WithReference(builder.AddRedis("tracker"))
            .WithReference(builder.AddPostgres("server").AddDatabase("database"))
            .WithReference(endpoint)
            .WithEnvironment("COLOUR", colour)
            .WithEnvironment("SECRET", generated)
            .WithEnvironment("SECRET_AGAIN", generated)
            .WithEnvironment("EXPRESSION", ReferenceExpression.Create($"{{{endpoint.Property(EndpointProperty.Port)}}} {colour}"));
        service.WithReference(service);

        await using var run = await Run.StartAsync(builder);
        var environment = await run.EnvironmentAsync("the-service");

        environment["ConnectionStrings__given"].ShouldBe("Host=elsewhere");
        environment["ConnectionStrings__tracker"].ShouldBe($"Data Source={data}/tracker.db");
        environment["ConnectionStrings__database"].ShouldBe("Host=pg;Port=1;Database=database");
        environment["services__other-one__http__0"].ShouldBe(endpoint.Url);
        environment["OTHER_ONE_HTTP"].ShouldBe(endpoint.Url);
        environment["THE_SERVICE_HTTP"].ShouldBe(environment["ASPNETCORE_URLS"]);
        environment["ASPNETCORE_URLS"].ShouldBe(run.App.GetEndpoint("the-service").ToString().TrimEnd('/'));
        environment["COLOUR"].ShouldBe("green");
        environment["SECRET"].Length.ShouldBe(30);
        environment["SECRET_AGAIN"].ShouldBe(environment["SECRET"]);
        environment["EXPRESSION"].ShouldBe($"{{{endpoint.Port}}} green");
        environment["OTEL_EXPORTER_OTLP_ENDPOINT"].ShouldBe("http://127.0.0.1:1");
        environment["OTEL_EXPORTER_OTLP_PROTOCOL"].ShouldBe("grpc");
        environment["OTEL_EXPORTER_OTLP_HEADERS"].ShouldBe("x-otlp-api-key=key");
        environment["OTEL_SERVICE_NAME"].ShouldBe("the-service");
        environment["OTEL_RESOURCE_ATTRIBUTES"].ShouldBe("service.instance.id=the-service");
    }

    [Fact]
    public async Task A_service_does_not_take_the_address_of_its_AppHost()
    {
        await using var host = await HostProcess.StartAsync(new()
        {
            ["ASPNETCORE_URLS"] = "http://127.0.0.1:1",
            ["ASPNETCORE_ENVIRONMENT"] = "Nowhere",
            ["DOTNET_LAUNCH_PROFILE"] = "host",
            ["PASSED_ON"] = "yes",
        });
        using var client = new HttpClient { BaseAddress = host.Service };
        var environment = await client.GetFromJsonAsync<Dictionary<string, string>>("environment");

        environment!["ASPNETCORE_URLS"].ShouldBe($"http://127.0.0.1:{host.Port}");
        environment["ASPNETCORE_ENVIRONMENT"].ShouldBe("Development");
        environment.ShouldNotContainKey("DOTNET_LAUNCH_PROFILE");
        environment["PASSED_ON"].ShouldBe("yes");
        await host.EndAsync("TERM");
    }

    [Theory]
    [InlineData("Parameters:missing")]
    [InlineData("ConnectionStrings:absent")]
    public async Task A_value_that_nobody_gave_is_asked_for_by_its_key(string key)
    {
        var builder = Run.Builder();
        var service = builder.AddExecutable("service", "sleep", ".", "1000");
        if (key == "Parameters:missing") service.WithEnvironment("X", builder.AddParameter("missing"));
        else service.WithReference(builder.AddConnectionString("absent"));

        await using var run = await Run.StartAsync(builder);
        await run.ReachesAsync("service", KnownResourceStates.FailedToStart);
        run.Log("service").ShouldContain(key);
    }
}
