namespace Aigc.Hosting.Tests.Projects;

public sealed class ProjectTests
{
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
