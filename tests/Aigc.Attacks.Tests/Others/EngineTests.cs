using Aigc.Attacks.Tests.Stage;

namespace Aigc.Attacks.Tests.Others;

/// <summary>Alice's engines at their own addresses, visited by others.</summary>
[Collection(nameof(OneTheatre))]
public sealed class EngineTests(Theatre theatre)
{
    [Theory]
    [InlineData("GET", "/")]
    [InlineData("POST", "/sdapi/v1/txt2img")]
    [InlineData("DELETE", "/x")]
    [InlineData("OPTIONS", "/")]
    [InlineData("TRACE", "/")]
    [InlineData("PROPFIND", "/")]
    [InlineData("GET", "/?host=localhost&aigc")]
    [InlineData("GET", "/localhost/api/v1/me")]
    [InlineData("GET", "/login")]
    [InlineData("GET", "/identity/.well-known/openid-configuration")]
    [InlineData("GET", "/internal/routes")]
    [InlineData("GET", "/health")]
    [InlineData("GET", "/.aigc/events")]
    [InlineData("POST", "/.aigc/wake")]
    [InlineData("GET", "/.aigc/../")]
    [InlineData("GET", "/.AIGC/events")]
    [InlineData("GET", "/.aigc%2fenter?code=x")]
    [InlineData("GET", "//.aigc/enter?code=x")]
    public async Task No_method_and_no_path_passes_the_door(string method, string target)
    {
        foreach (var engine in new[] { theatre.Sleeper, theatre.Awake })
        {
            (await theatre.TryAsync(method, engine.Url.Authority, target)).ShouldBeRefused(400, 401, 405);
            (await theatre.TryAsync(method, engine.Url.Authority, target, theatre.Bob.Bearer)).ShouldBeRefused(400, 403, 405);
        }
    }

    [Theory]
    [InlineData("Sec-Fetch-Mode: cors")]
    [InlineData("X-Requested-With: XMLHttpRequest\r\nAccept: application/json")]
    [InlineData("Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==")]
    [InlineData("Accept: text/html\r\nSec-Fetch-Mode: websocket")]
    public async Task What_is_no_navigation_is_not_sent_to_the_sign_in(string headers)
    {
        foreach (var engine in new[] { theatre.Sleeper, theatre.Awake })
            (await theatre.TryAsync("GET", engine.Url.Authority, "/", headers)).ShouldBeRefused(401).Location.ShouldBeNull();
    }

    [Theory]
    [InlineData("GET", "Accept: text/html")]
    [InlineData("GET", "Sec-Fetch-Mode: navigate")]
    [InlineData("HEAD", "Sec-Fetch-Mode: navigate")]
    public async Task A_signed_out_browser_is_sent_to_the_sign_in_and_wakes_nothing(string method, string header)
    {
        var answer = await theatre.TryAsync(method, theatre.Sleeper.Url.Authority, "/", header);
        answer.Location.ShouldNotBeNull().ShouldStartWith($"{theatre.Product.Dashboard}enter?");
    }

    [Theory]
    [InlineData("GET", "Accept: text/html")]
    [InlineData("GET", "Sec-Fetch-Mode: navigate")]
    public async Task Bobs_navigation_is_refused_and_wakes_nothing(string method, string header) =>
        (await theatre.TryAsync(method, theatre.Sleeper.Url.Authority, "/", header, theatre.Bob.Bearer)).ShouldBeRefused(403);
}
