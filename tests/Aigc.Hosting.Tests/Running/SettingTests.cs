using System.Diagnostics;

namespace Aigc.Hosting.Tests.Running;

/// <summary>A setting with a slip in it is told, not silently replaced by another.</summary>
public sealed class SettingTests
{
    [Theory]
    [InlineData("AIGC_REPLICAS", "9", "give a number from 1 to 8")]
    [InlineData("AIGC_REPLICAS", "0", "give a number from 1 to 8")]
    [InlineData("AIGC_REPLICAS", "two", "give a number from 1 to 8")]
    [InlineData("AIGC_PORT", "80a", "give a number from 0 to 65535")]
    [InlineData("AIGC_STORES", "sqlite", "use AIGC_STORES=embedded for files, AIGC_STORES=servers for Redis and Postgres")]
    public async Task It_is_named_with_what_is_possible(string setting, string value, string remedy)
    {
        var data = Directory.CreateTempSubdirectory("aigc-hosting-");
        var start = new ProcessStartInfo("dotnet", ["exec", Repository.ProgramOf("Aigc.AppHost")]) { RedirectStandardError = true };
        start.Environment["AIGC_PORT"] = "0";
        start.Environment["AIGC_DATA_DIR"] = data.FullName;
        start.Environment[setting] = value;
        using var host = Process.Start(start)!;
        var error = await host.StandardError.ReadToEndAsync(new CancellationTokenSource(TimeSpan.FromSeconds(30)).Token);
        await host.WaitForExitAsync();
        host.ExitCode.ShouldBe(1);
        error.ShouldContain($"{setting}={value}");
        error.ShouldContain(remedy);
        data.Delete(recursive: true);
    }
}
