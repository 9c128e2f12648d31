using Aigc.Attacks.Tests.Stage;

namespace Aigc.Attacks.Tests.Tokens;

/// <summary>Tokens that are good for one thing, tried on another; and the ways in which a script offers one for a WebSocket.</summary>
[Collection(nameof(OneTheatre))]
public sealed class ScopeTests(Theatre theatre)
{
    [Theory]
    [InlineData("engines:read", "POST", "/api/v1/engines/{sleeper}/wake")]
    [InlineData("engines:read", "POST", "/api/v1/engines/{awake}/sleep")]
    [InlineData("engines:read", "DELETE", "/api/v1/engines/{awake}")]
    [InlineData("engines:read", "GET", "/api/v1/engines/{sleeper}/files/content?path=secret.txt")]
    [InlineData("engines:read", "POST", "/api/v1/tokens")]
    [InlineData("engines:use", "POST", "/api/v1/engines/{awake}/sleep")]
    [InlineData("engines:use", "DELETE", "/api/v1/engines/{awake}?disk=remove")]
    [InlineData("engines:use", "POST", "/api/v1/engines/{awake}/shares")]
    [InlineData("engines:use", "POST", "/api/v1/tokens")]
    [InlineData("engines:manage", "GET", "/api/v1/engines/{sleeper}/files/content?path=secret.txt")]
    public async Task A_token_is_good_for_its_scopes_alone(string scope, string method, string target)
    {
        var token = await TokenAsync(theatre.Alice, new { name = "narrow", scopes = new[] { scope }, expiresInDays = 1 });
        var answer = await theatre.UnchangedAsync(() => theatre.SendAsync(
            method, theatre.Dashboard, Filled(target), [token, "Content-Type: application/json"], method == "POST" ? """{"userName":"bob","name":"more"}""" : null));
        answer.ShouldBeRefused(403).Text.ShouldNotContain(Theatre.Secret);
    }

    [Theory]
    [InlineData("engines:read")]
    [InlineData("engines:manage")]
    public async Task Without_the_scope_to_use_them_engines_are_closed(string scope)
    {
        var token = await TokenAsync(theatre.Alice, new { name = "narrow", scopes = new[] { scope }, expiresInDays = 1 });
        foreach (var engine in new[] { theatre.Awake, theatre.Sleeper })
            (await theatre.TryAsync("GET", engine.Url.Authority, "/", token)).ShouldBeRefused(403);
        (await theatre.TryAsync("GET", theatre.Awake.Url.Authority, "/ws", [.. OpenTalk.WebSocket, token])).ShouldBeRefused(403);
    }

    [Fact]
    public async Task A_token_for_one_engine_opens_no_other()
    {
        var token = await TokenAsync(theatre.Alice, new { name = "one", scopes = new[] { "engines:read", "engines:use", "engines:manage" }, engines = new[] { theatre.Awake.Id }, expiresInDays = 1 });
        (await theatre.SendAsync("GET", theatre.Awake.Url.Authority, "/", [token])).Status.ShouldBe(200);
        (await theatre.TryAsync("GET", theatre.Sleeper.Url.Authority, "/", token)).ShouldBeRefused(403);
        foreach (var (method, what) in new[] { ("POST", "/wake"), ("DELETE", ""), ("GET", "/files/content?path=secret.txt"), ("GET", "") })
            (await theatre.TryAsync(method, theatre.Dashboard, $"/api/v1/engines/{theatre.Sleeper.Id}{what}", token)).ShouldBeRefused(404);
        (await theatre.UnchangedAsync(() => theatre.SendAsync(
            "POST", theatre.Dashboard, "/api/v1/engines", [token, "Content-Type: application/json"], """{"template":"hostile"}"""))).ShouldBeRefused(403);
    }

    [Fact]
    public async Task An_administrators_token_without_the_scope_is_no_administrators()
    {
        var token = await TokenAsync(theatre.Admin, new { name = "plain", scopes = new[] { "engines:read", "engines:use", "engines:manage" }, expiresInDays = 1 });
        foreach (var (method, target) in new[]
        {
            ("GET", "/api/v1/engines?all=true"), ("GET", "/api/v1/people"), ("GET", Filled("/api/v1/engines/{sleeper}")), ("DELETE", "/api/v1/people/bob"),
            ("DELETE", "/api/v1/templates/hostile"), ("POST", Filled("/api/v1/engines/{awake}/sleep")),
        })
        {
            (await theatre.TryAsync(method, theatre.Dashboard, target, token)).ShouldBeRefused(403, 404);
        }
    }

    [Theory]
    [InlineData("aigc.bearer.{bobs}")]
    [InlineData("aigc.bearer.{hers}x")]
    [InlineData("aigc.bearer.")]
    [InlineData("Aigc.Bearer.{hers}")]
    [InlineData("bearer.{hers}")]
    [InlineData("{hers}")]
    [InlineData("aigc.bearer.{bobs}, aigc.bearer.{hers}")]
    [InlineData("aigc, {hers}")]
    public async Task A_socket_is_opened_by_one_whole_token_of_hers(string protocols)
    {
        var line = "Sec-WebSocket-Protocol: " + protocols
            .Replace("{bobs}", theatre.Bob.Token, StringComparison.Ordinal).Replace("{hers}", theatre.Alice.Token, StringComparison.Ordinal);
        var heard = theatre.ReceivedBy(theatre.Awake).Count;
        foreach (var engine in new[] { theatre.Awake, theatre.Sleeper })
            (await theatre.TryAsync("GET", engine.Url.Authority, "/ws", [.. OpenTalk.WebSocket, line])).ShouldBeRefused(401, 403);
        theatre.ReceivedBy(theatre.Awake).Count.ShouldBe(heard);
    }

    [Fact]
    public async Task A_token_among_protocols_is_none_without_a_socket()
    {
        var line = $"Sec-WebSocket-Protocol: aigc.bearer.{theatre.Alice.Token}";
        (await theatre.TryAsync("GET", theatre.Awake.Url.Authority, "/", line)).ShouldBeRefused(401);
        (await theatre.TryAsync("POST", theatre.Dashboard, $"/api/v1/engines/{theatre.Sleeper.Id}/wake", line, "Content-Length: 0")).ShouldBeRefused(401);
    }

    private string Filled(string target) => target
        .Replace("{sleeper}", theatre.Sleeper.Id, StringComparison.Ordinal).Replace("{awake}", theatre.Awake.Id, StringComparison.Ordinal);

    private static async Task<string> TokenAsync(Cast of, object asked) =>
        $"Authorization: Bearer {(await of.Person.CallAsync(HttpMethod.Post, "api/v1/tokens", asked))["token"]!.GetValue<string>()}";
}
