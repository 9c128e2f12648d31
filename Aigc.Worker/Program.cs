using Aigc.Engines.Gateway;
using Aigc.Engines.Storage;
using Aigc.Engines.Tracking;
using Aigc.ServiceDefaults;
using Aigc.Worker.Disks;
using Aigc.Worker.Leading;
using Aigc.Worker.Local;
using Aigc.Worker.Probes;
using Aigc.Worker.Reconciling;

var builder = WebApplication.CreateSlimBuilder(args);
builder.Services.AddSteadyTime();
builder.AddServiceDefaults();
builder.Services.AddGatewayOptions(builder.Configuration);
builder.Services.AddEngineDatabase();
builder.Services.AddSessionTracker();
builder.AddLocalRuntime();
builder.Services.AddProbes();
builder.Services.AddDisks();
builder.AddReconciling();
builder.Services.AddLeading();

var app = builder.Build();
app.MapDefaultEndpoints();
app.MapDisks();
app.RunService();
