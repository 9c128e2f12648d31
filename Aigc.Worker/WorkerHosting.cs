using Aigc.Engines.Gateway;
using Aigc.Engines.Storage;
using Aigc.Engines.Tracking;
using Aigc.ServiceDefaults;
using Aigc.Worker.Leading;
using Aigc.Worker.Probes;
using Aigc.Worker.Reconciling;
using Aigc.Worker.Runtimes;
using Microsoft.Extensions.Options;

namespace Aigc.Worker;

public static class WorkerHosting
{
    public static WebApplicationBuilder AddWorker(this WebApplicationBuilder builder)
    {
        builder.Services.AddSteadyTime();
        builder.AddServiceDefaults();
        builder.Services.AddGatewayOptions(builder.Configuration);
        builder.Services.AddStudioOptions(builder.Configuration);
        builder.Services.AddSingleton(provider => new AwakeLimit(0, provider.GetRequiredService<IOptions<StudioOptions>>().Value.Zone));
        builder.Services.AddEngineDatabase();
        builder.Services.AddSessionTracker();
        builder.AddEngineRuntime();
        builder.Services.AddProbes();
        builder.AddReconciling();
        builder.Services.AddLeading();
        return builder;
    }
}
