using Aigc.Api;
using Aigc.Api.Callers;
using Aigc.Api.Engines;
using Aigc.Api.Internal;
using Aigc.Api.Live;
using Aigc.Api.Pages;
using Aigc.Api.Problems;
using Aigc.Api.SigningIn;
using Aigc.Api.Templates;
using Aigc.Api.Tokens;
using Aigc.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddGateway();
builder.AddSignIn();
builder.AddEngines();
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
api.MapEngines().MapEngineEvents();
api.MapTokens();
app.MapSignIn();
app.MapInternal();
app.MapOpenApi().AllowAnonymous();
app.MapDefaultEndpoints();
app.Run();
