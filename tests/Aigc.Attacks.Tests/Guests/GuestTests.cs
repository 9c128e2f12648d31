using Aigc.Attacks.Tests.Stage;
using Aigc.Testing;

namespace Aigc.Attacks.Tests.Guests;

/// <summary>Somebody who was let in to look does more than look, stays on, or was never let in; and an administrator is curious.</summary>
[Collection(nameof(OneTheatre))]
public sealed class GuestTests(Theatre theatre) : IAsyncLifetime
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(2);

    private readonly List<(TakenEngine Engine, string Share)> _shares = [];

    public async Task InitializeAsync()
    {
        foreach (var engine in new[] { theatre.Awake, theatre.Sleeper })
        {
            var share = await theatre.Alice.Person.CallAsync(HttpMethod.Post, $"api/v1/engines/{engine.Id}/shares", new { userName = "bob" });
            _shares.Add((engine, share["id"]!.GetValue<string>()));
        }

        await Eventually.TrueAsync("bob may look", Soon, async () => (await LookAsync(theatre.Awake, theatre.Bob.Bearer)).Status == 200);
    }

    public Task DisposeAsync() => UnshareAsync();

    [Theory]
    [InlineData("POST", "/prompt", "Content-Length: 0")]
    [InlineData("PUT", "/", "Content-Length: 0")]
    [InlineData("PATCH", "/", "Content-Length: 0")]
    [InlineData("DELETE", "/models/hers", "X-None: x")]
    [InlineData("get", "/", "X-None: x")]
    [InlineData("PROPFIND", "/", "X-None: x")]
    [InlineData("GET", "/", "X-HTTP-Method-Override: DELETE")]
    [InlineData("GET", "/", "X-HTTP-Method: POST")]
    [InlineData("GET", "/", "X-Method-Override: POST")]
    [InlineData("GET", "/", "Content-Length: 4")]
    [InlineData("GET", "/", "Transfer-Encoding: chunked")]
    [InlineData("GET", "/ws", "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==")]
    [InlineData("GET", "/", "Upgrade: h2c\r\nConnection: Upgrade")]
    [InlineData("POST", "/.aigc/wake", "Content-Length: 0\r\nSec-Fetch-Site: same-origin")]
    [InlineData("GET", "/.aigc/events", "X-None: x")]
    public async Task Who_looks_does_nothing_else(string method, string target, string headers)
    {
        var cookie = await CookieOfBobAsync();
        foreach (var credential in new[] { theatre.Bob.Bearer, $"Cookie: aigc-engine={cookie}" })
        {
            var answer = await theatre.UnchangedAsync(() =>
                theatre.SendAsync(method, theatre.Awake.Url.Authority, target, [credential, .. headers.Split("\r\n")], headers.Contains("chunked", StringComparison.Ordinal) ? "0\r\n\r\n" : headers.Contains(": 4", StringComparison.Ordinal) ? "data" : null));
            answer.ShouldBeRefused(400, 403);
        }
    }

    [Theory]
    [InlineData("POST", "wake")]
    [InlineData("POST", "sleep")]
    [InlineData("POST", "restart")]
    [InlineData("POST", "keep-awake")]
    [InlineData("GET", "pre-wake")]
    [InlineData("PUT", "pre-wake")]
    [InlineData("GET", "files")]
    [InlineData("GET", "files/content?path=secret.txt")]
    [InlineData("PUT", "files/content?path=mine.txt")]
    [InlineData("DELETE", "files?path=secret.txt")]
    [InlineData("GET", "log")]
    [InlineData("GET", "shares")]
    [InlineData("POST", "shares")]
    [InlineData("DELETE", "shares/{share}")]
    [InlineData("GET", "admin-access")]
    [InlineData("POST", "admin-access")]
    [InlineData("DELETE", "admin-access")]
    [InlineData("DELETE", "")]
    [InlineData("DELETE", "?disk=remove")]
    public async Task Who_looks_manages_nothing(string method, string what)
    {
        foreach (var (engine, share) in _shares)
        {
            var target = $"/api/v1/engines/{engine.Id}{(what is "" or ['?', ..] ? "" : "/")}{what.Replace("{share}", share, StringComparison.Ordinal)}";
            var answer = await theatre.UnchangedAsync(() => theatre.SendAsync(
                method, theatre.Dashboard, target, [theatre.Bob.Bearer, "Content-Type: application/json"], method is "POST" or "PUT" ? """{"userName":"carol","reason":"curious","minutes":5}""" : null));
            answer.ShouldBeRefused(403, 404);
            answer.Text.ShouldNotContain(Theatre.Secret);
        }
    }

    [Theory]
    [InlineData("GET", "X-None: x")]
    [InlineData("HEAD", "X-None: x")]
    [InlineData("GET", "Accept: text/html\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\nSec-Fetch-Site: none")]
    [InlineData("POST", "Content-Length: 0")]
    public async Task Looking_wakes_nothing(string method, string headers) =>
        (await theatre.TryAsync(method, theatre.Sleeper.Url.Authority, "/", [theatre.Bob.Bearer, .. headers.Split("\r\n")])).ShouldBeRefused(403, 503);

    [Fact]
    public async Task A_share_taken_back_opens_nothing_that_it_had_opened()
    {
        var cookie = await CookieOfBobAsync();
        (await LookAsync(theatre.Awake, $"Cookie: aigc-engine={cookie}")).Status.ShouldBe(200);
        using var talk = await OpenTalk.BeginAsync(theatre.Product.Port, theatre.Awake.Url.Authority, "/endless", 200, theatre.Bob.Bearer);
        await UnshareAsync();
        await talk.EndsAsync(TimeSpan.FromSeconds(5));
        var heard = theatre.ReceivedBy(theatre.Awake).Count;
        foreach (var credential in new[] { theatre.Bob.Bearer, $"Cookie: aigc-engine={cookie}" })
        {
            (await theatre.TryAsync("GET", theatre.Awake.Url.Authority, "/", credential)).ShouldBeRefused(403);
            (await theatre.TryAsync("GET", theatre.Sleeper.Url.Authority, "/", credential)).ShouldBeRefused(401, 403);
        }

        theatre.ReceivedBy(theatre.Awake).Count.ShouldBe(heard);
        (await theatre.TryAsync("GET", theatre.Dashboard, $"/api/v1/engines/{theatre.Awake.Id}", theatre.Bob.Bearer)).ShouldBeRefused(404);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"reason\":\"\"}")]
    [InlineData("{\"reason\":\"   \",\"minutes\":60}")]
    [InlineData("{\"reason\":\"curious\",\"minutes\":0}")]
    [InlineData("{\"reason\":\"curious\",\"minutes\":-60}")]
    [InlineData("{\"reason\":\"curious\",\"minutes\":481}")]
    [InlineData("{\"reason\":\"curious\",\"minutes\":1e9}")]
    public async Task An_administrator_opens_nothing_without_a_reason_and_an_end(string body)
    {
        (await theatre.UnchangedAsync(() => theatre.SendAsync(
            "POST", theatre.Dashboard, $"/api/v1/engines/{theatre.Awake.Id}/admin-access", [theatre.Admin.Bearer, "Content-Type: application/json"], body))).ShouldBeRefused(400);
        (await theatre.TryAsync("GET", theatre.Awake.Url.Authority, "/", theatre.Admin.Bearer)).ShouldBeRefused(403);
    }

    [Fact]
    public async Task An_administrators_access_ends_when_the_owner_ends_it()
    {
        await theatre.Admin.Person.CallAsync(HttpMethod.Post, $"api/v1/engines/{theatre.Awake.Id}/admin-access", new { reason = "a test of the door", minutes = 5 });
        await Eventually.TrueAsync("the administrator is inside", Soon, async () => (await LookAsync(theatre.Awake, theatre.Admin.Bearer)).Status == 200);
        using var talk = await OpenTalk.BeginAsync(theatre.Product.Port, theatre.Awake.Url.Authority, "/ws", 101, [.. OpenTalk.WebSocket, theatre.Admin.Bearer]);
        await theatre.Alice.Person.CallAsync(HttpMethod.Delete, $"api/v1/engines/{theatre.Awake.Id}/admin-access");
        await talk.EndsAsync(TimeSpan.FromSeconds(5));
        (await theatre.TryAsync("GET", theatre.Awake.Url.Authority, "/", theatre.Admin.Bearer)).ShouldBeRefused(403);
    }

    private Task<RawAnswer> LookAsync(TakenEngine engine, string credential) => theatre.SendAsync("GET", engine.Url.Authority, "/", [credential]);

    private Task<string> CookieOfBobAsync() => HandOff.WholeAsync(theatre, theatre.Bob, theatre.Awake);

    private async Task UnshareAsync()
    {
        foreach (var (engine, share) in _shares)
            await theatre.Alice.Person.CallAsync(HttpMethod.Delete, $"api/v1/engines/{engine.Id}/shares/{share}");
        _shares.Clear();
        await Eventually.TrueAsync("bob is outside", Soon, async () => (await LookAsync(theatre.Awake, theatre.Bob.Bearer)).Status == 403);
    }
}
