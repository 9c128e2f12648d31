using System.Globalization;
using Aspire.Hosting.Endpoints;
using Aspire.Hosting.Running;
using Aspire.Hosting.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Page;

/// <summary>A page on a loopback port: every resource, its state and its logs, and a button to restart it.</summary>
internal sealed class ResourcePage(
    ResourcePageOptions options,
    IConfiguration configuration,
    DistributedApplicationModel model,
    ResourceNotificationService notifications,
    ResourceLoggerService logs,
    OtlpReceiver receiver,
    TraceStore traces,
    MetricStore metrics,
    TimeProvider time,
    Orchestrator orchestrator) : IHostedService, IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private WebApplication? _app;

    /// <summary>Null when there is no page.</summary>
    public Uri? Address { get; private set; }

    /// <exception cref="DistributedApplicationException">The configured port is taken.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!options.Enabled) return;
        var port = Port();
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenLocalhost(port));

        // What this process inherited is for the services, not for the page.
        builder.WebHost.PreferHostingUrls(false);
        _app = builder.Build();
        _app.Use(LoopbackGuard.InvokeAsync);
        new PageEndpoints(model, notifications, logs, orchestrator, _stopping.Token).Map(_app);
        new TelemetryEndpoints(receiver, traces, metrics, time, _stopping.Token).Map(_app);
        await _app.StartAsync(cancellationToken);
        Address = new Uri($"http://localhost:{port}/");
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        // Open event streams would hold up the stop.
        await _stopping.CancelAsync();
        if (_app is not null) await _app.StopAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null) await _app.DisposeAsync();
        _stopping.Dispose();
    }

    private int Port()
    {
        var taken = model.Resources.SelectMany(r => r.Endpoints()).SelectMany(e => e.Allocated.Append(e.AllocatedEndpoint)).Select(e => e?.Port ?? 0).ToHashSet();
        if (configuration["Hosting:DashboardPort"] is not { } text || text == "0") return Ports.FindFree(taken);
        var port = int.Parse(text, CultureInfo.InvariantCulture);
        return Ports.IsFree(port)
            ? port
            : throw new DistributedApplicationException($"Port {port} of the resource page is taken by another program. Set Hosting:DashboardPort to another port, or to 0.");
    }
}
