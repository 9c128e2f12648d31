using Aigc.Engines.Tracking;
using Aigc.Proxy;
using Aigc.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.Services.AddSessionTracker();
builder.AddGatewayProxy();

var app = builder.Build();
app.UseGatewayProxy();
app.RunService();
