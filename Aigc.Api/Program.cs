using Aigc.Api.Engines;
using Aigc.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddEngines();

var app = builder.Build();
var api = app.MapGroup("/api/v1");
api.MapEngines();
app.MapDefaultEndpoints();
app.Run();
