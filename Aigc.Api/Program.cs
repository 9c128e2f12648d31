using Aigc.Api;
using Aigc.Api.Access;
using Aigc.Api.Callers;
using Aigc.Api.Dashboard;
using Aigc.Api.Engines;
using Aigc.Api.Files;
using Aigc.Api.Internal;
using Aigc.Api.Live;
using Aigc.Api.Logto;
using Aigc.Api.Moving;
using Aigc.Api.Pages;
using Aigc.Api.People;
using Aigc.Api.Problems;
using Aigc.Api.SigningIn;
using Aigc.Api.Templates;
using Aigc.Api.Tokens;
using Aigc.ServiceDefaults;

if (DatabaseCommands.Asked(args))
    return await DatabaseCommands.RunAsync(args);
if (LogtoCommands.Asked(args))
    return await LogtoCommands.RunAsync(args);

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddGateway();
builder.AddSignIn();
builder.AddEngines();
builder.AddFiles();
builder.AddPeople();
builder.AddDashboard();
builder.AddProblems();
builder.Services.AddOpenApi();

var app = builder.Build();
app.UsePublicScheme();
app.UseSecurityHeaders();
app.UseProblems();
app.UseRequestLocalization("en", "zh");
app.UseAuthentication();
app.UseAuthorization();

var api = app.MapApi();
api.MapMe();
api.MapTemplates();
var engines = api.MapEngines();
engines.MapEngineEvents();
engines.MapFiles();
engines.MapAccess();
api.MapTokens();
api.MapPeople();
app.MapSignIn();
app.MapDashboard();
app.MapInternal();
app.MapOpenApi().AllowAnonymous();
app.MapDefaultEndpoints();
app.RunService();
return 0;
