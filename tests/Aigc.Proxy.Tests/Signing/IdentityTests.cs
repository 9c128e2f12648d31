using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Aigc.Proxy.Signing;
using Aigc.Proxy.Tests.Environment;
using Aigc.Testing;
using Microsoft.AspNetCore.WebUtilities;

namespace Aigc.Proxy.Tests.Signing;

/// <summary>An engine learns for sure who visits it, and nobody can tell it otherwise.</summary>
public sealed class IdentityTests
{
    private const string Jose = "jose@6.1.0";
    private const string Audience = "http://" + Gateway.EngineHost + ":8080";

    private static Task Echo(HttpContext context) => context.Response.WriteAsJsonAsync(
        context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase));

    [Fact]
    public async Task A_library_of_an_engines_choice_verifies_its_visitor_with_the_published_keys()
    {
        await using var gateway = await Gateway.StartReadyAsync(Echo);
        var token = await TokenAsync(gateway);

        var answer = await NpmPackage.RunScriptAsync(Jose, """
            import { createRemoteJWKSet, jwtVerify } from 'jose';
            const [keys, token, audience] = process.argv.slice(1);
            const set = createRemoteJWKSet(new URL(keys)), expect = { issuer: 'http://localhost:8080', audience, algorithms: ['ES256'] };
            const { payload, protectedHeader } = await jwtVerify(token, set, expect);
            const refused = [];
            for (const [other, options] of [
              [token.slice(0, -6) + (token.endsWith('AAAAAA') ? 'BBBBBB' : 'AAAAAA'), expect],
              [token, { ...expect, audience: 'http://demo-bob-1234.engines.localhost:8080' }],
              [token, { ...expect, issuer: 'http://evil.example' }],
              [token, { ...expect, currentDate: new Date(Date.now() + 601_000) }],
            ]) await jwtVerify(other, set, options).then(() => {}, e => refused.push(e.code));
            console.log(JSON.stringify({ payload, protectedHeader, refused }));
            """, new Uri(gateway.Address, "/.well-known/aigc/jwks.json").ToString(), token, Audience);

        var seen = JsonDocument.Parse(answer).RootElement;
        seen.GetProperty("protectedHeader").ToString().ShouldBe("""{"alg":"ES256","kid":"key-1","typ":"JWT"}""");
        var claims = seen.GetProperty("payload");
        (claims.GetProperty("sub").GetString(), claims.GetProperty("preferred_username").GetString(), claims.GetProperty("group").GetString(), claims.GetProperty("role").GetString())
            .ShouldBe(("alice", "alice", "studio", "owner"));
        (claims.GetProperty("exp").GetInt64() - claims.GetProperty("iat").GetInt64()).ShouldBe(600);
        seen.GetProperty("refused").EnumerateArray().Select(code => code.GetString()).ShouldBe(
            ["ERR_JWS_SIGNATURE_VERIFICATION_FAILED", "ERR_JWT_CLAIM_VALIDATION_FAILED", "ERR_JWT_CLAIM_VALIDATION_FAILED", "ERR_JWT_EXPIRED"]);
    }

    [Theory]
    [InlineData("X-Aigc-Identity")]
    [InlineData("x-aigc-identity")]
    [InlineData("X_Aigc_Identity")]
    [InlineData("X-Aigc_Identity")]
    [InlineData("X-Aigc-Role")]
    public async Task Nobody_outside_tells_an_engine_who_visits(string header)
    {
        await using var gateway = await Gateway.StartReadyAsync(Echo);
        var request = gateway.Request(HttpMethod.Get, "/");
        request.Headers.TryAddWithoutValidation(header, "forged");

        Verifies(gateway, await TokenAsync(gateway)).ShouldBeTrue();

        var seen = await SeenAsync(gateway, request);

        seen.Values.ShouldNotContain("forged");
        Verifies(gateway, seen[IdentityTokens.Header]).ShouldBeTrue();
    }

    [Fact]
    public async Task It_is_signed_once_and_anew_at_half_of_its_life()
    {
        var time = new MovableTime();
        await using var gateway = await Gateway.StartAtAsync(time);
        await gateway.BecomeReadyAsync(Echo);
        var first = await TokenAsync(gateway);

        (await TokenAsync(gateway)).ShouldBe(first);
        time.Move(IdentityTokens.Lifetime / 2 - TimeSpan.FromSeconds(10));
        (await TokenAsync(gateway)).ShouldBe(first);
        time.Move(TimeSpan.FromSeconds(20));
        var next = await TokenAsync(gateway);

        next.ShouldNotBe(first);
        Verifies(gateway, next).ShouldBeTrue();
    }

    [Fact]
    public async Task A_gateway_that_has_no_key_yet_forwards_all_the_same_and_signs_once_it_has()
    {
        await using var gateway = await Gateway.StartAsync(api => api.SigningKey = null);
        await gateway.BecomeReadyAsync(Echo);

        (await SeenAsync(gateway, gateway.Request(HttpMethod.Get, "/"))).ShouldNotContainKey(IdentityTokens.Header);
        gateway.Api.SigningKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        await Wait.UntilAsync(() => SeenAsync(gateway, gateway.Request(HttpMethod.Get, "/")).GetAwaiter().GetResult().ContainsKey(IdentityTokens.Header));
    }

    /// <summary>As .NET does it, without a library.</summary>
    private static bool Verifies(Gateway gateway, string token)
    {
        var dot = token.LastIndexOf('.');
        return gateway.Api.SigningKey!.VerifyData(Encoding.ASCII.GetBytes(token[..dot]), WebEncoders.Base64UrlDecode(token[(dot + 1)..]), HashAlgorithmName.SHA256);
    }

    private static async Task<string> TokenAsync(Gateway gateway)
    {
        var token = "";
        await Wait.UntilAsync(() => SeenAsync(gateway, gateway.Request(HttpMethod.Get, "/")).GetAwaiter().GetResult().TryGetValue(IdentityTokens.Header, out token!));
        return token;
    }

    private static async Task<Dictionary<string, string>> SeenAsync(Gateway gateway, HttpRequestMessage request)
    {
        using var answer = await gateway.SendAsync(request);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return (await answer.Content.ReadFromJsonAsync<Dictionary<string, string>>())!;
    }
}
