using Aigc.Attacks.Tests.Stage;

namespace Aigc.Attacks.Tests.Headers;

/// <summary>What Bob sends to his own engine: it must not learn of somebody whom he is not, nor of a secret of the gateway.</summary>
[Collection(nameof(OneTheatre))]
public sealed class RequestTests(Theatre theatre)
{
    [Theory]
    [InlineData("X-Forwarded-User: mallory")]
    [InlineData("x-forwarded-USER: mallory")]
    [InlineData("X_Forwarded_User: mallory")]
    [InlineData("X-Forwarded_User: mallory")]
    [InlineData("X-Forwarded-User: mallory\r\nX-Forwarded-User: mallory")]
    [InlineData("X-Forwarded-Email: mallory")]
    [InlineData("X-Forwarded-Groups: mallory")]
    [InlineData("X-Forwarded-For: mallory")]
    [InlineData("X-Forwarded-Host: mallory")]
    [InlineData("X-Forwarded-Proto: mallory")]
    [InlineData("Forwarded: for=mallory")]
    [InlineData("X-Real-IP: mallory")]
    [InlineData("X-Remote-User: mallory")]
    [InlineData("Remote-User: mallory")]
    [InlineData("REMOTE_USER: mallory")]
    [InlineData("X-Auth-Request-User: mallory")]
    [InlineData("X-Auth-Request-Email: mallory")]
    [InlineData("X-Original-URL: /mallory")]
    [InlineData("X-Rewrite-URL: /mallory")]
    [InlineData("X-Original-Host: mallory")]
    [InlineData("X-Gateway-Key: mallory")]
    [InlineData("Proxy-Connection: mallory")]
    public async Task It_never_sees_his_words_as_the_gateways(string header)
    {
        var received = await ReceivedAsync([theatre.Bob.Bearer, header]);
        received.ShouldNotContain("mallory");
        received.ShouldContain("\r\nX-Forwarded-User: bob", Case.Insensitive);
    }

    [Theory]
    [InlineData("X-Forwarded-User")]
    [InlineData("X-Forwarded-User, X-Forwarded-For")]
    [InlineData("x-forwarded-user, Host")]
    [InlineData("keep-alive, X-Forwarded-User")]
    public async Task A_hop_by_hop_trick_strips_nothing_of_the_gateways(string connection)
    {
        var received = await ReceivedAsync([theatre.Bob.Bearer, $"Connection: {connection}"]);
        received.ShouldContain("\r\nX-Forwarded-User: bob", Case.Insensitive);
        received.ShouldContain($"\r\nHost: {theatre.Hostile.Url.Authority}", Case.Insensitive);
    }

    [Theory]
    [InlineData("{bearer}")]
    [InlineData("{cookie}")]
    [InlineData("Cookie: aigc-enter=secret; __Host-aigc-engine=secret; AIGC-Enter=secret; aigc-future=secret; mine=1\r\n{bearer}")]
    [InlineData("Cookie: mine=1\r\nCookie: aigc-engine=secret\r\n{bearer}")]
    public async Task It_never_sees_a_credential_or_a_cookie_of_the_gateways(string headers)
    {
        var cookie = await HandOff.WholeAsync(theatre, theatre.Bob, theatre.Hostile);
        var received = await ReceivedAsync([headers
            .Replace("{bearer}", theatre.Bob.Bearer, StringComparison.Ordinal)
            .Replace("{cookie}", $"Cookie: mine=1; aigc-engine={cookie}", StringComparison.Ordinal)]);
        received.ShouldNotContain(theatre.Bob.Token);
        received.ShouldNotContain(cookie);
        received.ShouldNotContain("secret");
        received.ShouldNotContain("aigc-e", Case.Insensitive);
    }

    [Theory]
    [InlineData("X-Big: {64k}", 431)]
    [InlineData("Cookie: x={64k}", 431)]
    [InlineData("{200 headers}", 431)]
    [InlineData("X-Bad: a\0b", 400)]
    [InlineData("X-Bad : x", 400)]
    [InlineData("X-Bad\t: x", 400)]
    [InlineData(" X-Bad: x", 400)]
    [InlineData("X-Good: x\r\n folded: y", 400)]
    [InlineData(": x", 400)]
    [InlineData("no colon", 400)]
    public async Task What_is_no_header_or_too_much_reaches_nobody(string header, int status)
    {
        var line = header
            .Replace("{64k}", new string('x', 64 * 1024), StringComparison.Ordinal)
            .Replace("{200 headers}", string.Join("\r\n", Enumerable.Range(0, 200).Select(i => $"X-{i}: x")), StringComparison.Ordinal);
        (await theatre.TryAsync("GET", theatre.Hostile.Url.Authority, "/", theatre.Bob.Bearer, line)).ShouldBeRefused(status);
    }

    [Fact]
    public async Task An_address_without_end_reaches_nobody() =>
        (await theatre.TryAsync("GET", theatre.Hostile.Url.Authority, "/" + new string('x', 64 * 1024), theatre.Bob.Bearer)).ShouldBeRefused(414);

    private async Task<string> ReceivedAsync(string[] headers)
    {
        var path = $"/{Guid.NewGuid():N}";
        await theatre.UnchangedAsync(() => theatre.SendAsync("GET", theatre.Hostile.Url.Authority, path, headers), theatre.Hostile);
        return theatre.ReceivedBy(theatre.Hostile).Single(head => head.StartsWith($"GET {path} ", StringComparison.Ordinal));
    }
}
