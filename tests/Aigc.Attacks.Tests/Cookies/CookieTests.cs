using System.Security.Cryptography;
using System.Text;
using Aigc.Attacks.Tests.Stage;

namespace Aigc.Attacks.Tests.Cookies;

/// <summary>Cookies where they do not belong.</summary>
[Collection(nameof(OneTheatre))]
public sealed class CookieTests(Theatre theatre) : IAsyncLifetime
{
    private readonly Dictionary<string, string> _cookies = [];

    public async Task InitializeAsync()
    {
        _cookies["sleeper"] = await HandOff.WholeAsync(theatre, theatre.Alice, theatre.Sleeper);
        _cookies["awake"] = await HandOff.WholeAsync(theatre, theatre.Alice, theatre.Awake);
        _cookies["bobs"] = await HandOff.WholeAsync(theatre, theatre.Bob, theatre.Hostile);
        _cookies["dashboard"] = theatre.Alice.DashboardCookie;
        _cookies["token"] = theatre.Alice.Token;
        foreach (var (name, value) in _cookies.ToList())
            _cookies[$"{name}-hash"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(value)));
        _cookies["sleeper-upper"] = _cookies["sleeper"].ToUpperInvariant();
        _cookies["sleeper-short"] = _cookies["sleeper"][..^1];
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Theory]
    [InlineData("Cookie: aigc-engine={bobs}")]
    [InlineData("Cookie: aigc-engine={awake}")]
    [InlineData("Cookie: aigc-engine={dashboard}")]
    [InlineData("Authorization: Bearer {dashboard}")]
    [InlineData("Authorization: Bearer {awake}")]
    [InlineData("Cookie: aigc-sign-in={dashboard}")]
    [InlineData("Cookie: aigc-sign-in={sleeper}")]
    [InlineData("Cookie: aigc-enter={sleeper}")]
    [InlineData("Cookie: AIGC-ENGINE={sleeper}")]
    [InlineData("Cookie: __Host-aigc-engine={sleeper}")]
    [InlineData("Cookie: __Secure-aigc-engine={sleeper}")]
    [InlineData("Cookie: xaigc-engine={sleeper}")]
    [InlineData("Cookie: aigc-engine ={sleeper}")]
    [InlineData("Cookie: aigc-engine=\"{sleeper}\"")]
    [InlineData("Cookie: aigc-engine={sleeper}x")]
    [InlineData("Cookie: aigc-engine={sleeper-short}")]
    [InlineData("Cookie: aigc-engine={sleeper-upper}")]
    [InlineData("Cookie: aigc-engine={sleeper-hash}")]
    [InlineData("Cookie: aigc-engine={dashboard-hash}")]
    [InlineData("Cookie: aigc-engine={bobs}; aigc-engine={sleeper}")]
    [InlineData("Cookie: aigc-engine=; aigc-engine={sleeper}")]
    [InlineData("Cookie: x=1, aigc-engine={sleeper}")]
    [InlineData("Cookie2: aigc-engine={sleeper}")]
    [InlineData("X-Cookie: aigc-engine={sleeper}")]
    [InlineData("Authorization: Bearer {bobs}\r\nCookie: aigc-engine={sleeper}")]
    [InlineData("Authorization: Bearer x\r\nCookie: aigc-engine={sleeper}")]
    public async Task On_an_engines_host_only_its_own_cookie_opens(string header) =>
        (await theatre.TryAsync("GET", theatre.Sleeper.Url.Authority, "/", Filled(header))).ShouldBeRefused(401, 403);

    [Theory]
    [InlineData("Cookie: aigc-engine={dashboard}")]
    [InlineData("Cookie: aigc-engine={sleeper}")]
    [InlineData("Cookie: aigc-sign-in={sleeper}")]
    [InlineData("Cookie: aigc-sign-in={bobs}")]
    [InlineData("Cookie: aigc-sign-in={token}")]
    [InlineData("Cookie: aigc-sign-in={dashboard-hash}")]
    [InlineData("Cookie: __Host-aigc-sign-in={dashboard}")]
    [InlineData("Authorization: Bearer {dashboard}")]
    [InlineData("Authorization: Bearer {sleeper}")]
    [InlineData("Authorization: Bearer x\r\nCookie: aigc-sign-in={dashboard}")]
    [InlineData("Authorization: Basic {dashboard}\r\nCookie: aigc-sign-in={dashboard}")]
    public async Task On_the_dashboards_host_only_its_own_cookie_opens(string header)
    {
        (await theatre.TryAsync("GET", theatre.Dashboard, $"/api/v1/engines/{theatre.Sleeper.Id}", Filled(header))).ShouldBeRefused(401);
        (await theatre.TryAsync("POST", theatre.Dashboard, $"/api/v1/engines/{theatre.Sleeper.Id}/wake", Filled(header))).ShouldBeRefused(401);
    }

    [Theory]
    [InlineData("/?aigc-engine={sleeper}")]
    [InlineData("/?cookie=aigc-engine%3D{sleeper}")]
    [InlineData("/;aigc-engine={sleeper}")]
    [InlineData("/.aigc/events?aigc-engine={sleeper}")]
    public async Task A_cookie_in_the_address_is_none(string target) =>
        (await theatre.TryAsync("GET", theatre.Sleeper.Url.Authority, Filled(target))).ShouldBeRefused(401);

    private string Filled(string text)
    {
        foreach (var (name, value) in _cookies)
            text = text.Replace($"{{{name}}}", value, StringComparison.Ordinal);
        return text;
    }
}
