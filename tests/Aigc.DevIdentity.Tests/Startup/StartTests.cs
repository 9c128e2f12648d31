using System.Diagnostics;

namespace Aigc.DevIdentity.Tests.Startup;

/// <summary>The real process: whoever starts this where it must not run sees one sentence and no open port.</summary>
public sealed class StartTests
{
    [Theory]
    [InlineData("Production")]
    [InlineData(null)]
    public async Task It_starts_only_in_development(string? environment)
    {
        var sentence = await RefusalAsync(environment, "http://127.0.0.1:0");
        sentence.ShouldBe($"Aigc.DevIdentity does not start: it signs people in without a password and starts only in the Development environment; this is {environment ?? "Production"}.");
    }

    [Theory]
    [InlineData("http://0.0.0.0:0", "0.0.0.0:0")]
    [InlineData("http://*:0", "[::]:0")]
    [InlineData("http://this-machine:0", "[::]:0")]
    public async Task It_listens_only_on_loopback(string url, string named)
    {
        var sentence = await RefusalAsync("Development", url);
        sentence.ShouldBe($"Aigc.DevIdentity does not start: it signs people in without a password and listens only on loopback addresses; {named} is not one.");
    }

    [Fact]
    public async Task Without_a_client_secret_it_names_the_setting()
    {
        var sentence = await RefusalAsync("Development", "http://127.0.0.1:0", clientSecret: "");
        sentence.ShouldBe("Aigc.DevIdentity does not start: DevIdentity:ClientSecret is missing: public clients are not allowed.");
    }

    private static async Task<string> RefusalAsync(string? environment, string url, string clientSecret = "secret")
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Aigc.DevIdentity.dll"), "--urls", url])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        foreach (var inherited in start.Environment.Keys.Where(k => k.StartsWith("ASPNETCORE_", StringComparison.Ordinal) || k == "DOTNET_ENVIRONMENT").ToList())
            start.Environment.Remove(inherited);
        start.Environment["ASPNETCORE_ENVIRONMENT"] = environment;
        start.Environment["DevIdentity__ClientSecret"] = clientSecret;
        using var process = Process.Start(start)!;
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(15), TimeProvider.System);
        try
        {
            var (output, error) = (process.StandardOutput.ReadToEndAsync(patience.Token), process.StandardError.ReadToEndAsync(patience.Token));
            await process.WaitForExitAsync(patience.Token);
            process.ExitCode.ShouldBe(1);
            (await output).ShouldBeEmpty();
            return (await error).TrimEnd();
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }
}
