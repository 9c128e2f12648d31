using Aigc.Proxy.Forwarding;
using Aigc.Proxy.Gate;
using Aigc.Testing;
using Xunit.Abstractions;

namespace Aigc.Proxy.Tests.Fuzzing;

public sealed class CookieFuzz(ITestOutputHelper output)
{
    private const string Secret = "s3cr3t";

    private static readonly string[] Pieces =
    [
        "aigc-engine", "aigc-enter", "AIGC-x", "aigc", "__Host-aigc-engine", "__HOST-aigc-", "__Secure-aigc-engine", "theme", "not-aigc-engine", "=", "=dark", ";", "; ", ";;",
        " ", "\t", "\"", "'", "Domain", "domain=", "; Domain=localhost", ";dOmAiN =.x", "Path=/", "; Secure", "; Max-Age=1", "; HttpOnly", "; SameSite=None", "$Version=1", ",",
    ];

    [Fact]
    public void No_cookie_that_a_browser_keeps_of_an_engine_is_ours_or_anothers() => Fuzz.Run(250_000, Pieces, output.WriteLine, line =>
    {
        if (!SetCookieRules.Allows(line))
            return;
        var (name, attributes) = AsBrowsersRead(line);
        Fuzz.Require(name.Length > 0 && !IsOurs(name), name);
        Fuzz.Require(!attributes.Contains("domain"), "it has a domain");
    });

    [Fact]
    public void What_an_engine_gets_holds_nothing_of_ours_and_all_of_its_own() => Fuzz.Run(200_000, [.. Pieces, $"aigc-engine={Secret}", $"; __Host-aigc-engine={Secret}; "], output.WriteLine, header =>
    {
        var kept = GatewayCookies.WithoutOurs(header) ?? "";
        Fuzz.Require(kept == string.Join("; ", Pairs(header).Where(pair => !IsOurs(pair))), kept);
        Fuzz.Require(!Pairs(kept).Any(IsOurs), kept);

        // What is found under our name is one of the pairs, with all of its value.
        var found = GatewayCookies.Find(header, "aigc-engine").ToString();
        Fuzz.Require(
            found == (Pairs(header).Where(pair => pair.StartsWith("aigc-engine=", StringComparison.Ordinal)).Select(pair => pair["aigc-engine=".Length..]).FirstOrDefault() ?? ""),
            found);
    });

    private static IEnumerable<string> Pairs(string header) => header.Split(';').Select(pair => pair.Trim()).Where(pair => pair.Length > 0);

    private static bool IsOurs(string pair)
    {
        // Letters of ASCII alone have a case here.
        var lower = string.Concat(pair.Select(c => char.IsAsciiLetterUpper(c) ? (char)(c | 0x20) : c));
        return lower.StartsWith("aigc-", StringComparison.Ordinal) || lower.StartsWith("__host-aigc-", StringComparison.Ordinal);
    }

    /// <summary>RFC 6265bis, section 5.6, as far as names go.</summary>
    private static (string Name, IReadOnlyList<string> Attributes) AsBrowsersRead(string line)
    {
        // A browser refuses or cuts at other control characters; whichever, what follows could only become less.
        var parts = line.Split(';');
        var equals = parts[0].IndexOf('=', StringComparison.Ordinal);
        return (equals < 0 ? "" : parts[0][..equals].Trim(' ', '\t'),
            [.. parts.Skip(1).Select(part => part.Split('=')[0].Trim(' ', '\t').ToLowerInvariant())]);
    }
}
