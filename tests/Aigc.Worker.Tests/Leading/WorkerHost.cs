using Aigc.Engines.Gateway;
using Aigc.Engines.Storage;
using Aigc.Engines.Tracking;
using Aigc.ServiceDefaults;
using Aigc.Worker.Leading;
using Aigc.Worker.Local;
using Aigc.Worker.Probes;
using Aigc.Worker.Reconciling;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Aigc.Worker.Tests.Leading;

/// <summary>A worker in this process, composed as <c>Program</c> does, whose state a test can look at.</summary>
internal sealed class WorkerHost(WebApplication app) : IAsyncDisposable
{
    public WorkerStatus Status => app.Services.GetRequiredService<WorkerStatus>();

    public static async Task<WorkerHost> StartAsync(Plant plant)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection(plant.Settings);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSteadyTime();
        builder.AddServiceDefaults();
        builder.Services.AddGatewayOptions(builder.Configuration);
        builder.Services.AddEngineDatabase();
        builder.Services.AddSessionTracker();
        builder.AddLocalRuntime();
        builder.Services.AddProbes();
        builder.AddReconciling();
        builder.Services.AddLeading();
        var app = builder.Build();
        await app.StartAsync();
        return new(app);
    }

    public async ValueTask DisposeAsync()
    {
        // To dispose of it does not wait for what runs in it.
        await app.StopAsync();
        await app.DisposeAsync();
    }
}
