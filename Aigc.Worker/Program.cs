using Aigc.Engines.Gateway;
using Aigc.Engines.Storage;
using Aigc.Engines.Tracking;
using Aigc.ServiceDefaults;
using Aigc.Worker.Disks;
using Aigc.Worker.Leading;
using Aigc.Worker.Probes;
using Aigc.Worker.Reconciling;
using Aigc.Worker.Runtimes;

var builder = WebApplication.CreateSlimBuilder(args);
builder.Services.AddSteadyTime();
builder.AddServiceDefaults();
builder.Services.AddGatewayOptions(builder.Configuration);
builder.Services.AddEngineDatabase();
builder.Services.AddSessionTracker();
builder.AddEngineRuntime();
builder.Services.AddProbes();
builder.AddReconciling();
builder.Services.AddLeading();

var app = builder.Build();
app.MapDefaultEndpoints();
app.MapDisks();
app.RunService();
