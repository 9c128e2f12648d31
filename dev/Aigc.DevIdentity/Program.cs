using Aigc.DevIdentity;
using Aigc.DevIdentity.Discovery;
using Aigc.DevIdentity.Signing;
using Aigc.DevIdentity.SigningIn;
using Aigc.DevIdentity.Startup;
using Aigc.DevIdentity.Tokens;
using Aigc.DevIdentity.Users;
using Aigc.ServiceDefaults;
using Microsoft.Extensions.Options;

var builder = WebApplication.CreateBuilder(args);
if (!builder.Environment.IsDevelopment())
    return DevelopmentOnly.Refuse($"it signs people in without a password and starts only in the Development environment; this is {builder.Environment.EnvironmentName}");

builder.AddServiceDefaults();
builder.AddLoopbackOnly();
builder.AddDevIdentityOptions();
builder.AddUsers();
builder.AddSigning();
builder.AddGrants();

var app = builder.Build();
app.UsePathBase("/identity");
app.UseRouting();

app.MapDefaultEndpoints();
app.MapDiscovery();
app.MapAuthorize();
app.MapEndSession();
app.MapTokens();

try
{
    await app.RunAsync();
    return 0;
}
catch (NotLoopbackException e)
{
    return DevelopmentOnly.Refuse(e.Message);
}
catch (OptionsValidationException e)
{
    return DevelopmentOnly.Refuse(string.Join(' ', e.Failures));
}
