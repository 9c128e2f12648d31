using Aigc.Api;
using Aigc.Api.Access;
using Aigc.Api.Auditing;
using Aigc.Api.Callers;
using Aigc.Api.Costs;
using Aigc.Api.Dashboard;
using Aigc.Api.Engines;
using Aigc.Api.Files;
using Aigc.Api.Internal;
using Aigc.Api.Live;
using Aigc.Api.Logto;
using Aigc.Api.Moving;
using Aigc.Api.Pages;
using Aigc.Api.People;
using Aigc.Api.Pools;
using Aigc.Api.Problems;
using Aigc.Api.Rules;
using Aigc.Api.Signing;
using Aigc.Api.SigningIn;
using Aigc.Api.SigningIn.Ending;
using Aigc.Api.Templates;
using Aigc.Api.Tokens;
using Aigc.ServiceDefaults;

if (DatabaseCommands.Asked(args))
    return await DatabaseCommands.RunAsync(args);
if (LogtoCommands.Asked(args))
    return await LogtoCommands.RunAsync(args);
if (TemplateCommands.Asked(args))
    return await TemplateCommands.RunAsync(args);

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddGateway();
builder.AddSignIn();
builder.AddSigning();
builder.AddEngines();
builder.AddFiles();
builder.AddAuditing();
builder.AddCosts();
builder.AddPeople();
builder.AddDashboard();
builder.AddProblems();
builder.Services.AddOpenApi(options => options.AddOperationTransformer(ScopeDescription.AddAsync));

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
api.MapAudit();
api.MapCosts();
api.MapBills();
api.MapPeople();
api.MapRules();
api.MapPools();
api.MapQuotas();
api.MapSignIns();
app.MapSignIn();
app.MapBackChannel();
app.MapDashboard();
app.MapInternal();
app.MapKeySet();
app.MapOpenApi().AllowAnonymous();
app.MapDefaultEndpoints();
app.RunService();
return 0;
