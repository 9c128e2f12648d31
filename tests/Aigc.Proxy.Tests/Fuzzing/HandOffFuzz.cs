using System.Text.RegularExpressions;
using Aigc.Engines.Gateway;
using Aigc.Proxy.Gate;
using Aigc.Proxy.HandOff;
using Aigc.Testing;
using Microsoft.Extensions.Options;
using Xunit.Abstractions;

namespace Aigc.Proxy.Tests.Fuzzing;

public sealed partial class HandOffFuzz(ITestOutputHelper output)
{
    private static readonly Uri Here = new("http://engine.example:8080/deep/er");

    private static readonly string[] Urls =
    [
        "/", "//", "/\\", "\\", "/.", "/..", "evil.example", "http:", "https://", "javascript:", "data:,", "?", "#", "%2f", "%5c", "%0d%0a", "@", ":80", "/x", "a=b", "\r\nSet-Cookie: x=y", "[::1]",
    ];

    [Fact]
    public void No_address_leads_a_browser_to_another_host() => Fuzz.Run(150_000, Urls, output.WriteLine, url =>
    {
        var local = ReturnUrl.Local(url);
        // As browsers read it: blanks around and line breaks within are dropped, and a backslash is a slash.
        var read = LineBreaks().Replace(local.Trim(), "").Replace('\\', '/');
        Fuzz.Require(read == local && read[0] == '/' && !read.StartsWith("//", StringComparison.Ordinal), local);
        Fuzz.Require(new Uri(Here, local).GetLeftPart(UriPartial.Authority) == "http://engine.example:8080", local);
        Fuzz.Require(local.All(c => c is >= '!' and <= '~'), local);
    });

    [Fact]
    public void A_nonce_is_one_of_ours_or_none()
    {
        var options = Options.Create<GatewayOptions>(new());
        var redirect = new SignInRedirect(new GatewayCookies(options), options, TimeProvider.System);
        var nonce = string.Concat(Enumerable.Repeat("0123456789abcdef", 4));
        var request = new DefaultHttpContext().Request;
        Fuzz.Run(100_000, [nonce, nonce[1..], nonce.ToUpperInvariant(), "aigc-enter=", "aigc-enter=" + nonce, "; ", ";", "=", "g", "__Host-"], output.WriteLine, cookie =>
        {
            request.Headers.Cookie = cookie;
            // The first cookie of the name decides.
            var expected = cookie.Split(';').Select(pair => pair.Trim()).FirstOrDefault(pair => pair.StartsWith("aigc-enter=", StringComparison.Ordinal)) is { } pair
                && Nonce().IsMatch(pair["aigc-enter=".Length..]) ? pair["aigc-enter=".Length..] : null;
            Fuzz.Require(redirect.Nonce(request) == expected, expected);
        });
    }

    [GeneratedRegex(@"[\t\r\n]")]
    private static partial Regex LineBreaks();

    [GeneratedRegex(@"\A[0-9a-f]{64}\z")]
    private static partial Regex Nonce();
}
