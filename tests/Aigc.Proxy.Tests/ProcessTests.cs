using System.Diagnostics;
using Aigc.Proxy.Tests.Environment;
using Aigc.ServiceDefaults;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aigc.Proxy.Tests;

public sealed class ProcessTests
{
    [Fact]
    public async Task A_proxy_whose_host_ends_while_it_starts_ends_without_a_crash()
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
                },
            };
            using var proxy = Process.Start(start)!;
            var errors = proxy.StandardError.ReadToEndAsync();

            proxy.StandardInput.Close();
            await proxy.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));

            (await errors).ShouldBeEmpty();
            proxy.ExitCode.ShouldBe(0);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void A_service_asked_to_stop_while_it_starts_ends_without_an_exception()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddHostedService<StopsInItsStart>();

        builder.Build().RunService();
    }

    private sealed class StopsInItsStart(IHostApplicationLifetime lifetime) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            lifetime.StopApplication();
            cancellationToken.ThrowIfCancellationRequested();
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
