namespace Aigc.Hosting.Tests.Defaults;

/// <summary>The console stays readable: requests are told only to who asks for them.</summary>
public sealed class LogTests
{
    [Theory]
    [InlineData(null, false)]
    [InlineData("Information", true)]
    public async Task Requests_are_logged_only_where_configuration_says_so(string? level, bool expected)
    {
        var builder = Run.Builder();
        var service = builder.AddProject<Sample_Service>("service", launchProfileName: null).WithHttpEndpoint().WithHttpHealthCheck("/health");
        if (level is not null) service.WithEnvironment("Logging__LogLevel__Microsoft.AspNetCore", level);
        await using var run = await Run.StartAsync(builder);
        await run.EnvironmentAsync("service");

        // Stopped, it has written everything.
        await run.App.StopAsync();
        run.Log("service").Contains("Request finished", StringComparison.Ordinal).ShouldBe(expected);
        run.Log("service").Split('\n').ShouldContain(line => line.StartsWith("info: Microsoft.Hosting.Lifetime[14] Now listening", StringComparison.Ordinal));
    }
}
