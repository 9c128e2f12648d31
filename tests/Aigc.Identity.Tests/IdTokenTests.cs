using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Aigc.Identity.Tests.Harness;
using Aigc.Identity.Tests.Vectors;
using Microsoft.AspNetCore.WebUtilities;

namespace Aigc.Identity.Tests;

/// <summary>Id tokens and logout tokens that are signed well, and wrong in what they say.</summary>
public sealed class IdTokenTests : IAsyncLifetime
{
    private const string Header = """{"alg":"RS256","kid":"net-rsa"}""";
    private const string LogoutHeader = """{"alg":"RS256","kid":"net-rsa","typ":"logout+jwt"}""";
    private const string LogoutEvent = "http://schemas.openid.net/event/backchannel-logout";

    private readonly Gateway _gateway = new();
    private HandmadeProvider _provider = null!;
    private HandmadeTokens _tokens = null!;

    public async Task InitializeAsync()
    {
        _provider = await HandmadeProvider.StartAsync();
        _tokens = new(_provider.Issuer, OpenIdProvider.ClientId);
        _provider.Keys = _tokens.Keys();
        _provider.UserInfo = () => new() { ["sub"] = "vera" };
        _gateway.Settings["Identity__UserInfo"] = "true";
        await _gateway.StartAsync(new(_provider.Issuer));
    }

    public async Task DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _provider.DisposeAsync();
        _tokens.Dispose();
    }

    [Fact]
    public async Task An_id_token_counts_only_for_the_sign_in_and_the_client_it_was_made_for()
    {
        var access = Base64Url.EncodeToString(SHA256.HashData("opaque"u8).AsSpan(0, 16));
        var person = ("groups", (JsonNode)new JsonArray("art"));
        var cases = new (string Name, HttpStatusCode Expected, string Header, (string, JsonNode?)[] Claims)[]
        {
            ("good", HttpStatusCode.Found, Header, []),
            ("good, with the hash of its access token", HttpStatusCode.Found, Header, [("at_hash", access)]),
            ("good, for several and issued to us", HttpStatusCode.Found, Header, [("aud", new JsonArray("other", "aigc")), ("azp", "aigc")]),
            ("with another nonce", HttpStatusCode.BadRequest, Header, [("nonce", "another")]),
            ("without a nonce", HttpStatusCode.BadRequest, Header, [("nonce", null)]),
            ("without a subject", HttpStatusCode.BadRequest, Header, [("sub", null)]),
            ("with the hash of another access token", HttpStatusCode.BadRequest, Header, [("at_hash", Base64Url.EncodeToString(new byte[16]))]),
            ("with half a hash", HttpStatusCode.BadRequest, Header, [("at_hash", access[..11])]),
            ("for several, issued to nobody", HttpStatusCode.BadRequest, Header, [("aud", new JsonArray("other", "aigc"))]),
            ("for us, issued to another", HttpStatusCode.BadRequest, Header, [("azp", "other")]),
            ("for the API, not the client", HttpStatusCode.BadRequest, Header, [("aud", "aigc-api")]),
            ("an access token", HttpStatusCode.BadRequest, """{"alg":"RS256","kid":"net-rsa","typ":"at+jwt"}""", []),
            ("a logout token", HttpStatusCode.BadRequest, Header, [("events", new JsonObject { [LogoutEvent] = new JsonObject() })]),
        };
        foreach (var (name, expected, header, claims) in cases)
        {
            using var visitor = _gateway.Visitor();
            using var answer = await ReturnAsync(visitor, nonce => _tokens.Make(header, _tokens.Claims([person, ("nonce", nonce), .. claims])));
            answer.StatusCode.ShouldBe(expected, name);
            (visitor.Cookie("aigc-sign-in") is not null).ShouldBe(expected == HttpStatusCode.Found, name);
        }
    }

    [Fact]
    public async Task An_algorithm_that_the_provider_does_not_announce_is_refused()
    {
        _provider.Algorithms.Clear();
        _provider.Algorithms.Add("ES256");
        using var visitor = _gateway.Visitor();
        using var answer = await ReturnAsync(visitor, nonce => _tokens.Sign(("nonce", nonce)));
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task What_the_id_token_lacks_is_asked_of_userinfo_and_only_about_the_same_person()
    {
        _provider.UserInfo = () => new() { ["sub"] = "vera", ["groups"] = new JsonArray("/studio/art"), ["roles"] = "admin" };
        using var vera = _gateway.Visitor();
        (await ReturnAsync(vera, nonce => _tokens.Sign(("nonce", nonce)))).StatusCode.ShouldBe(HttpStatusCode.Found);
        var me = await vera.MeAsync();
        ((string?)me["group"], (string?)me["role"]).ShouldBe(("studio/art", "Admin"));

        _provider.UserInfo = () => new() { ["sub"] = "admin", ["roles"] = "admin" };
        using var other = _gateway.Visitor();
        (await ReturnAsync(other, nonce => _tokens.Sign(("nonce", nonce)))).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        other.Cookie("aigc-sign-in").ShouldBeNull();
    }

    [Fact]
    public async Task A_logout_token_ends_a_sign_in_only_when_everything_about_it_is_right()
    {
        using var vera = _gateway.Visitor();
        (await ReturnAsync(vera, nonce => _tokens.Sign(("nonce", nonce), ("sid", "s1"), ("groups", new JsonArray("art"))))).StatusCode.ShouldBe(HttpStatusCode.Found);
        (string, JsonNode?) events = ("events", new JsonObject { [LogoutEvent] = new JsonObject() });
        (string, JsonNode?) word = ("jti", "w0");
        var wrong = new (string Name, string Header, (string, JsonNode?)[] Claims)[]
        {
            ("no event", LogoutHeader, [word]),
            ("another event", LogoutHeader, [word, ("events", new JsonObject { ["http://example.com"] = new JsonObject() })]),
            ("an event that is no object", LogoutHeader, [word, ("events", new JsonObject { [LogoutEvent] = true })]),
            ("events that are a list", LogoutHeader, [word, ("events", new JsonArray(LogoutEvent))]),
            ("a nonce", LogoutHeader, [word, events, ("nonce", "n")]),
            ("no id", LogoutHeader, [events]),
            ("no time of issue", LogoutHeader, [word, events, ("iat", null)]),
            ("an old one", LogoutHeader, [word, events, ("iat", HandmadeTokens.Now() - 900)]),
            ("expired", LogoutHeader, [word, events, ("exp", HandmadeTokens.Now() - 120)]),
            ("from the future", LogoutHeader, [word, events, ("iat", HandmadeTokens.Now() + 900)]),
            ("neither session nor subject", LogoutHeader, [word, events, ("sub", null)]),
            ("another issuer", LogoutHeader, [word, events, ("iss", "https://evil.example")]),
            ("another audience", LogoutHeader, [word, events, ("aud", "other")]),
            ("an id token", """{"alg":"RS256","kid":"net-rsa","typ":"id+jwt"}""", [word, events]),
            ("unsigned", """{"alg":"none"}""", [word, events]),
        };
        foreach (var (name, header, claims) in wrong)
            (await LogOutAsync(_tokens.Make(header, _tokens.Claims(claims)))).ShouldBe(HttpStatusCode.BadRequest, name);
        (await LogOutAsync(null)).ShouldBe(HttpStatusCode.BadRequest);
        (await LogOutAsync(_tokens.Make(LogoutHeader, _tokens.Claims(("jti", "w1"), events, ("sid", "s2"))))).ShouldBe(HttpStatusCode.OK, "another session of the same person");
        (await vera.StatusAsync()).ShouldBe(HttpStatusCode.OK);

        var right = _tokens.Make(LogoutHeader, _tokens.Claims(("jti", "w2"), events, ("sid", "s1"), ("sub", null), ("exp", null)));
        (await LogOutAsync(right)).ShouldBe(HttpStatusCode.OK);
        (await vera.StatusAsync()).ShouldBe(HttpStatusCode.Unauthorized);
        (await LogOutAsync(right)).ShouldBe(HttpStatusCode.BadRequest, "each word counts once");
    }

    /// <summary>Begins a sign-in, and comes back as from the provider, whose token endpoint answers with the id token.</summary>
    private async Task<HttpResponseMessage> ReturnAsync(Visitor visitor, Func<string, string> idToken)
    {
        using var login = await visitor.GetAsync("/login");
        var asked = QueryHelpers.ParseQuery(login.Headers.Location!.Query);
        asked["code_challenge_method"].ToString().ShouldBe("S256");
        _provider.Give(idToken(asked["nonce"].ToString()));
        return await visitor.GetAsync($"/signin-oidc?code=c&state={Uri.EscapeDataString(asked["state"].ToString())}");
    }

    private async Task<HttpStatusCode> LogOutAsync(string? logoutToken)
    {
        using var client = new HttpClient { BaseAddress = _gateway.Address };
        using var form = new FormUrlEncodedContent(logoutToken is null ? [] : [new("logout_token", logoutToken)]);
        using var answer = await client.PostAsync("/signout-backchannel", form);
        return answer.StatusCode;
    }
}
