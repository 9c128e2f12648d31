using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Aigc.Identity.Tests.Harness;

/// <summary>A provider that says whatever a test wants: its keys, and what its token and userinfo endpoints answer.</summary>
public sealed class HandmadeProvider : IAsyncDisposable
{
    private readonly WebApplication _app;

    private HandmadeProvider(WebApplication app) => _app = app;

    public string Issuer => _app.Urls.Single();

    public JsonArray Keys { get; set; } = [];

    public JsonArray Algorithms { get; } = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];

    /// <summary>How often somebody read the keys.</summary>
    public int KeysRead { get; private set; }

    public Func<IFormCollection, IResult> Token { get; set; } = _ => Results.StatusCode(503);

    public Func<JsonObject> UserInfo { get; set; } = () => [];

    public static async Task<HandmadeProvider> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var provider = new HandmadeProvider(builder.Build());
        provider._app.MapGet("/.well-known/openid-configuration", () => Text(provider.Discovery()));
        provider._app.MapGet("/jwks", () =>
        {
            provider.KeysRead++;
            return Text(new JsonObject { ["keys"] = provider.Keys.DeepClone() });
        });
        provider._app.MapPost("/token", async (HttpRequest request) => provider.Token(await request.ReadFormAsync()));
        provider._app.MapGet("/userinfo", () => Text(provider.UserInfo()));
        await provider._app.StartAsync();
        return provider;
    }

    /// <summary>The token endpoint answers with this id token.</summary>
    public void Give(string idToken, string accessToken = "opaque", string? refreshToken = null, int seconds = 600) => Token = _ => Text(new()
    {
        ["access_token"] = accessToken,
        ["token_type"] = "Bearer",
        ["expires_in"] = seconds,
        ["id_token"] = idToken,
        ["refresh_token"] = refreshToken,
    });

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private JsonObject Discovery() => new()
    {
        ["issuer"] = Issuer,
        ["authorization_endpoint"] = $"{Issuer}/authorize",
        ["token_endpoint"] = $"{Issuer}/token",
        ["userinfo_endpoint"] = $"{Issuer}/userinfo",
        ["jwks_uri"] = $"{Issuer}/jwks",
        ["id_token_signing_alg_values_supported"] = Algorithms.DeepClone(),
    };

    private static IResult Text(JsonObject json) => Results.Text(json.ToJsonString(), "application/json");
}
