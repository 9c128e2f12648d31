namespace Aigc.Hosting.Tests.Projects;

public sealed class ProjectTests
{
    [Fact]
    public async Task Every_replica_has_a_port_and_references_list_them_all()
    {
        var builder = Run.Builder();
        var service = builder.AddProject<Sample_Service>("service", launchProfileName: null).WithHttpEndpoint().WithHttpHealthCheck("/health").WithReplicas(2);
        var asking = builder.AddProject<Sample_Service>("asking", launchProfileName: null).WithHttpEndpoint().WithHttpHealthCheck("/health").WithReference(service).WaitFor(service);
        await using var run = await Run.StartAsync(builder);
        var environment = await run.EnvironmentAsync("asking");
        var addresses = new[] { environment["services__service__http__0"], environment["services__service__http__1"] };
        addresses.Distinct().Count().ShouldBe(2);
        run.Pid("service-0").ShouldNotBe(run.Pid("service-1"));

        using var client = new HttpClient();
        foreach (var address in addresses) (await client.GetAsync(new Uri($"{address}/health"))).EnsureSuccessStatusCode();
    }

    [Theory]
    [InlineData(null, "http://localhost:19871/", "first")]
    [InlineData("second", "http://localhost:19872/", "second")]
    public async Task A_launch_profile_gives_port_and_environment(string? profile, string address, string variable)
    {
        var builder = Run.Builder();
        var service = profile is null ? builder.AddProject<Sample_Service>("service") : builder.AddProject<Sample_Service>("service", profile);
        service.WithHttpHealthCheck("/health").WithExternalHttpEndpoints();
        await using var run = await Run.StartAsync(builder);
        (await run.EnvironmentAsync("service"))["FROM_PROFILE"].ShouldBe(variable);
        run.App.GetEndpoint("service").ShouldBe(new Uri(address));
    }

    [Fact]
    public void A_launch_profile_that_does_not_exist_is_named() =>
        Should.Throw<DistributedApplicationException>(() => Run.Builder().AddProject<Sample_Service>("service", "third")).Message.ShouldContain("'third'");
}
