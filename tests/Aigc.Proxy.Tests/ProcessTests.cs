using System.Diagnostics;
using Aigc.Proxy.Tests.Environment;

namespace Aigc.Proxy.Tests;

public sealed class ProcessTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_proxy_asked_to_stop_while_it_starts_ends_without_a_crash(bool byInput)
    {
        var folder = Directory.CreateTempSubdirectory("aigc-proxy-");
        try
        {
            var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Aigc.Proxy.dll")])
            {
                RedirectStandardInput = true,
                RedirectStandardError = true,
                Environment =
                {
                    ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
                    ["Gateway__Key"] = FakeApi.Key,
                    ["ConnectionStrings__tracker"] = $"Data Source={folder.FullName}/tracker.db",
                    ["services__api__http__0"] = "http://127.0.0.1:1",
                    ["HOSTING_LIFETIME"] = "stdin",
                    ["DOTNET_DbgEnableMiniDump"] = "0",
                },
            };
            using var proxy = Process.Start(start)!;
            var errors = proxy.StandardError.ReadToEndAsync();
            if (byInput)
            {
                proxy.StandardInput.Close();
            }
            else
            {
                // The tracker's file is made in the middle of the start.
                await Wait.UntilAsync(() => File.Exists($"{folder.FullName}/tracker.db"));
                using var kill = Process.Start("kill", ["-TERM", $"{proxy.Id}"]);
            }

            await proxy.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));

            (await errors).ShouldBeEmpty();
            proxy.ExitCode.ShouldBe(0);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
