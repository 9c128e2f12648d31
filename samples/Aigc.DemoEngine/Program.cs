using Aigc.DemoEngine;
using Aigc.DemoEngine.A1111;
using Aigc.DemoEngine.Comfy;
using Aigc.DemoEngine.Generating;
using Aigc.DemoEngine.Images;
using Aigc.DemoEngine.Page;
using Aigc.DemoEngine.Startup;
using Aigc.DemoEngine.TestAids;

var builder = WebApplication.CreateSlimBuilder(args);
builder.AddDemoOptions();
builder.AddStartup();
builder.AddOutputFolder();
builder.AddGenerating();
builder.AddComfy();

var app = builder.Build();
app.UseLoadingGate();
app.UseSameOriginOnly();
app.UseWebSockets();

app.MapPage();
app.MapGallery();
app.MapA1111();
app.MapComfy();
app.MapTestAids();

await app.WaitStartupDelayAsync();
await app.RunAsync();
