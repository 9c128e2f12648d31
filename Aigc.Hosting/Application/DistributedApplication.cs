using Aspire.Hosting.Endpoints;
using Aspire.Hosting.Publishing;
using Aspire.Hosting.Stores;
using Aspire.Hosting.Waiting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting;

/// <summary>The application: its resources, described by the AppHost, to run or to publish.</summary>
public sealed class DistributedApplication : IHost, IAsyncDisposable
{
    private readonly IHost _host;

    internal DistributedApplication(IHost host) => _host = host;

    public IServiceProvider Services => _host.Services;

    public ResourceNotificationService ResourceNotifications => Services.GetRequiredService<ResourceNotificationService>();

    public static IDistributedApplicationBuilder CreateBuilder() => CreateBuilder([]);

    public static IDistributedApplicationBuilder CreateBuilder(string[] args) => CreateBuilder(new DistributedApplicationOptions { Args = args });

    public static IDistributedApplicationBuilder CreateBuilder(DistributedApplicationOptions options) => DistributedApplicationBuilder.Create(options);

    public void Run() => RunAsync().GetAwaiter().GetResult();

    /// <summary>Runs until Ctrl+C, SIGTERM or the token; or publishes. What stands in the way is told on stderr, with exit code 1.</summary>
    public async Task RunAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            if (Services.GetRequiredService<DistributedApplicationExecutionContext>().IsPublishMode)
                await Services.GetRequiredService<Publisher>().PublishAsync(cancellationToken);
            else
                await HostingAbstractionsHostExtensions.RunAsync(this, cancellationToken);
        }
        catch (DistributedApplicationException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            Environment.ExitCode = 1;
        }
    }

    /// <exception cref="DistributedApplicationException">The application cannot start; nothing has been started.</exception>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        Dependencies.Validate(Services.GetRequiredService<DistributedApplicationModel>().Resources);
        var ports = Services.GetRequiredService<PortAllocator>();

        // A taken port is told before anything is downloaded for the stores.
        ports.Allocate();
        await Services.GetRequiredService<StoreChooser>().ChooseAsync(cancellationToken);
        ports.AllocateStores();
        await _host.StartAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken = default) => _host.StopAsync(cancellationToken);

    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    /// <summary>Stops what still runs.</summary>
    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        if (_host is IAsyncDisposable host) await host.DisposeAsync();
        else _host.Dispose();
    }
}
