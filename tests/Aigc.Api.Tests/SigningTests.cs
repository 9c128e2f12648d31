using System.IdentityModel.Tokens.Jwt;
using System.Net;
using System.Net.Http.Json;
using System.Security.Claims;
using System.Security.Cryptography;
using Aigc.Api.Tests.Harness;
using Aigc.Engines.Gateway;
using Microsoft.IdentityModel.Tokens;

namespace Aigc.Api.Tests;

[Collection(SharedApi.Name)]
public sealed class SigningTests(RunningApi api)
{
    private const string KeySet = "/.well-known/aigc/jwks.json";

    [Fact]
    public async Task What_a_proxy_signs_everybody_can_check_with_the_published_keys()
    {
        using var proxy = api.Proxy();
        using var stranger = api.Visitor();
        var key = (await proxy.GetFromJsonAsync<SigningKeyAnswer>(InternalApi.SigningKey))!;
        using var algorithm = ECDsa.Create();
        algorithm.ImportPkcs8PrivateKey(Convert.FromBase64String(key.PrivateKey), out _);
        var handler = new JwtSecurityTokenHandler { MapInboundClaims = false };
        var token = handler.CreateEncodedJwt(new()
        {
            Subject = new ClaimsIdentity([new("sub", "alice")]),
            Issuer = "http://localhost:8080",
            Audience = "http://demo-alice-1234.localhost:8080",
            Expires = TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(10),
            SigningCredentials = new(new ECDsaSecurityKey(algorithm) { KeyId = key.Id }, SecurityAlgorithms.EcdsaSha256),
        });

        using var published = await stranger.GetAsync(KeySet);
        published.Headers.CacheControl!.MaxAge.ShouldBe(TimeSpan.FromMinutes(5));
        var text = await published.Content.ReadAsStringAsync();
        text.ShouldNotContain("\"d\"", Case.Sensitive, "the private part stays here");

        handler.ValidateToken(token, new()
        {
            ValidIssuer = "http://localhost:8080",
            ValidAudience = "http://demo-alice-1234.localhost:8080",
            ValidAlgorithms = ["ES256"],
            IssuerSigningKeys = new JsonWebKeySet(text).GetSigningKeys(),
        }, out _).FindFirst("sub")!.Value.ShouldBe("alice");
    }

    [Fact]
    public async Task Replicas_give_the_same_key_and_nobody_else_gets_it()
    {
        using var proxy = api.Proxy();
        using var stranger = api.Visitor();
        await using var replica = await api.StartAnotherAsync(new(api.Identity, "identity"));
        using var other = new HttpClient { BaseAddress = replica.Address, DefaultRequestHeaders = { { GatewayOptions.KeyHeader, RunningApi.Key } } };

        var given = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => (i % 2 == 0 ? proxy : other).GetFromJsonAsync<SigningKeyAnswer>(InternalApi.SigningKey)));

        given.Distinct().ShouldHaveSingleItem();
        (await stranger.GetAsync(InternalApi.SigningKey)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }
}
