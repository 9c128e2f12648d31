using Aigc.Attacks.Tests.Stage;
using Aigc.Testing;

namespace Aigc.Attacks.Tests.Streams;

/// <summary>A browser, or a program, after its sign-in has ended: what was open is closed, what was kept opens nothing.</summary>
[Collection(nameof(OneTheatre))]
public sealed class SignedOutTests(Theatre theatre) : IAsyncLifetime
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);

    private Cast _carol = null!;
    private TakenEngine _engine = null!;
    private string _cookie = null!;

    public async Task InitializeAsync()
    {
        _carol = await Cast.OfAsync(theatre.Product, "carol");
        _engine = await Theatre.WakeAsync(await _carol.Person.TakeAsync("hostile"));
        _cookie = await HandOff.WholeAsync(theatre, _carol, _engine);
    }

    public async Task DisposeAsync()
    {
        using var carol = await theatre.Product.Person("carol").SignInAsync();
        await carol.CallAsync(HttpMethod.Delete, $"api/v1/engines/{_engine.Id}?disk=remove");
        await Eventually.TrueAsync("the engine is gone", TimeSpan.FromSeconds(20), async () =>
            (await carol.SendAsync(HttpMethod.Get, $"api/v1/engines/{_engine.Id}")).StatusCode == System.Net.HttpStatusCode.NotFound);
        _carol.Person.Dispose();
    }

    [Fact]
    public async Task What_a_signed_out_browser_kept_opens_nothing()
    {
        var (nonce, enter) = await HandOff.BeginAsync(theatre, _engine);
        var (_, target) = await HandOff.AskAsync(theatre, _carol, enter);
        await SignOutAsync();

        (await theatre.TryAsync("GET", theatre.Dashboard, "/api/v1/me", _carol.DashboardCookies)).ShouldBeRefused(401);
        (await theatre.TryAsync("GET", theatre.Dashboard, enter, _carol.DashboardCookies)).Location.ShouldNotBeNull().ShouldStartWith("/login?");
        (await theatre.TryAsync("POST", theatre.Dashboard, $"/api/v1/engines/{_engine.Id}/sleep", _carol.DashboardCookies, _carol.Antiforgery)).ShouldBeRefused(401);
        (await theatre.UnchangedAsync(() => HandOff.RedeemAsync(theatre, _engine, target, nonce))).ShouldBeRefused(400);
        await Eventually.TrueAsync("the engine's cookie is worth nothing", Soon, async () => (await VisitAsync()).Status == 401);
        var before = theatre.ReceivedBy(_engine).Count;
        (await theatre.UnchangedAsync(VisitAsync)).ShouldBeRefused(401);
        theatre.ReceivedBy(_engine).Count.ShouldBe(before);
    }

    [Theory]
    [InlineData("/ws", 101)]
    [InlineData("/endless", 200)]
    [InlineData("/.aigc/events", 200)]
    public async Task Signing_out_ends_what_is_open(string target, int status)
    {
        using var talk = await OpenTalk.BeginAsync(
            theatre.Product.Port, _engine.Url.Authority, target, status, [.. status == 101 ? OpenTalk.WebSocket : [], $"Cookie: aigc-engine={_cookie}"]);
        await SignOutAsync();
        await talk.EndsAsync(Soon);
    }

    [Theory]
    [InlineData("/ws", 101)]
    [InlineData("/endless", 200)]
    public async Task Revoking_a_token_ends_what_is_open_with_it(string target, int status)
    {
        using var talk = await OpenTalk.BeginAsync(
            theatre.Product.Port, _engine.Url.Authority, target, status, [.. status == 101 ? OpenTalk.WebSocket : [], _carol.Bearer]);
        var token = (await _carol.Person.CallAsync(HttpMethod.Get, "api/v1/tokens")).AsArray().OrderBy(one => one!["createdAt"]!.GetValue<DateTimeOffset>()).Last();
        await _carol.Person.CallAsync(HttpMethod.Delete, $"api/v1/tokens/{token!["id"]}");
        await talk.EndsAsync(Soon);
        (await theatre.TryAsync("GET", _engine.Url.Authority, "/", _carol.Bearer)).ShouldBeRefused(401);
    }

    [Fact]
    public async Task The_address_of_a_deleted_engine_opens_nothing_with_what_opened_it()
    {
        var engine = await _carol.Person.TakeAsync("hostile");
        var cookie = await HandOff.WholeAsync(theatre, _carol, engine);
        await _carol.Person.CallAsync(HttpMethod.Delete, $"api/v1/engines/{engine.Id}?disk=remove");
        await Eventually.TrueAsync("the engine is gone", TimeSpan.FromSeconds(20), async () =>
            (await theatre.SendAsync("GET", theatre.Dashboard, $"/api/v1/engines/{engine.Id}", [_carol.Bearer])).Status == 404);
        (await theatre.TryAsync("GET", engine.Url.Authority, "/", $"Cookie: aigc-engine={cookie}")).ShouldBeRefused(404);
        (await theatre.TryAsync("GET", engine.Url.Authority, "/", _carol.Bearer)).ShouldBeRefused(404);
        (await theatre.TryAsync("GET", _engine.Url.Authority, "/", $"Cookie: aigc-engine={cookie}")).ShouldBeRefused(401, 403);
    }

    [Theory]
    [InlineData("nobody")]
    [InlineData("bob")]
    [InlineData("bob's cookie")]
    public async Task A_socket_is_opened_by_the_owner_alone(string who)
    {
        var credential = who switch
        {
            "bob" => theatre.Bob.Bearer,
            "bob's cookie" => $"Cookie: aigc-engine={await HandOff.WholeAsync(theatre, theatre.Bob, theatre.Hostile)}",
            _ => "X-None: x",
        };
        var before = theatre.ReceivedBy(_engine).Count;
        (await theatre.TryAsync("GET", _engine.Url.Authority, "/ws", [.. OpenTalk.WebSocket, credential])).ShouldBeRefused(401, 403);
        theatre.ReceivedBy(_engine).Count.ShouldBe(before);
    }

    private Task<RawAnswer> VisitAsync() => theatre.SendAsync("GET", _engine.Url.Authority, "/", [$"Cookie: aigc-engine={_cookie}"]);

    private async Task SignOutAsync()
    {
        var answer = await theatre.SendAsync("POST", theatre.Dashboard, "/logout", [_carol.DashboardCookies, _carol.Antiforgery, "Content-Length: 0"]);
        answer.Status.ShouldBe(302);
    }
}
