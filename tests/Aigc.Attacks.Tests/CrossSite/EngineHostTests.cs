using Aigc.Attacks.Tests.Stage;

namespace Aigc.Attacks.Tests.CrossSite;

/// <summary>A hostile page, on another site or on Bob's engine, sends Alice's browser to her engine.</summary>
[Collection(nameof(OneTheatre))]
public sealed class EngineHostTests(Theatre theatre)
{
    [Theory]
    [InlineData("GET", "/", "Sec-Fetch-Mode: no-cors\r\nSec-Fetch-Dest: image\r\nSec-Fetch-Site: cross-site")]
    [InlineData("GET", "/", "Sec-Fetch-Mode: no-cors\r\nSec-Fetch-Dest: script\r\nSec-Fetch-Site: same-site")]
    [InlineData("GET", "/queue", "Sec-Fetch-Mode: cors\r\nSec-Fetch-Dest: empty\r\nSec-Fetch-Site: same-origin")]
    [InlineData("HEAD", "/", "Sec-Fetch-Mode: no-cors\r\nSec-Fetch-Site: same-site")]
    [InlineData("GET", "/ws", "Sec-Fetch-Mode: websocket\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==")]
    public async Task What_a_page_loads_by_itself_wakes_nothing(string method, string target, string headers)
    {
        var cookie = await HandOff.WholeAsync(theatre, theatre.Alice, theatre.Sleeper);
        (await theatre.TryAsync(method, theatre.Sleeper.Url.Authority, target, $"Cookie: aigc-engine={cookie}", headers)).ShouldBeRefused(503, 403);
    }

    [Theory]
    [InlineData("Sec-Fetch-Site: cross-site")]
    [InlineData("Sec-Fetch-Site: same-site")]
    [InlineData("Sec-Fetch-Site: none")]
    [InlineData("Origin: http://evil.test")]
    [InlineData("Origin: null")]
    [InlineData("Origin: http://{hostile}")]
    [InlineData("Origin: https://{sleeper}")]
    [InlineData("Origin: http://{sleeper}.evil.test")]
    [InlineData("Referer: http://{sleeper}/")]
    public async Task The_button_that_wakes_is_pressed_on_the_engines_own_page_alone(string header)
    {
        var cookie = await HandOff.WholeAsync(theatre, theatre.Alice, theatre.Sleeper);
        var line = header
            .Replace("{hostile}", theatre.Hostile.Url.Authority, StringComparison.Ordinal)
            .Replace("{sleeper}", theatre.Sleeper.Url.Authority, StringComparison.Ordinal);
        (await theatre.TryAsync("POST", theatre.Sleeper.Url.Authority, "/.aigc/wake", $"Cookie: aigc-engine={cookie}", line, "Content-Length: 0")).ShouldBeRefused(403);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    public async Task No_other_method_presses_it(string method)
    {
        var cookie = await HandOff.WholeAsync(theatre, theatre.Alice, theatre.Sleeper);
        (await theatre.TryAsync(method, theatre.Sleeper.Url.Authority, "/.aigc/wake", $"Cookie: aigc-engine={cookie}", "Sec-Fetch-Site: same-origin")).ShouldBeRefused(404, 405);
    }

    [Theory]
    [InlineData("POST", "/prompt", "Origin: http://evil.test\r\nSec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors")]
    [InlineData("POST", "/prompt", "Origin: http://{hostile}\r\nSec-Fetch-Site: same-site\r\nSec-Fetch-Mode: no-cors")]
    [InlineData("POST", "/prompt", "Origin: http://{hostile}\r\nSec-Fetch-Site: same-site\r\nSec-Fetch-Mode: navigate")]
    [InlineData("POST", "/prompt", "Origin: http://{hostile}")]
    [InlineData("POST", "/prompt", "Origin: null")]
    [InlineData("GET", "/ws", "Origin: http://{hostile}\r\nSec-Fetch-Site: same-site\r\nSec-Fetch-Mode: websocket\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==")]
    [InlineData("GET", "/ws", "Origin: http://evil.test\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==")]
    public async Task Another_engines_page_writes_nothing_and_opens_no_socket_in_her_name(string method, string target, string headers)
    {
        foreach (var engine in new[] { theatre.Awake, theatre.Sleeper })
        {
            var cookie = await HandOff.WholeAsync(theatre, theatre.Alice, engine);
            var lines = headers.Replace("{hostile}", theatre.Hostile.Url.Authority, StringComparison.Ordinal);
            (await theatre.TryAsync(method, engine.Url.Authority, target, $"Cookie: aigc-engine={cookie}", lines)).ShouldBeRefused(401, 403);
        }
    }
}
