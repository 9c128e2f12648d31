using System.Text.RegularExpressions;
using Aigc.Proxy.Gate;
using Aigc.Testing;
using Microsoft.Extensions.Options;
using Xunit.Abstractions;

namespace Aigc.Proxy.Tests.Fuzzing;

public sealed partial class HostFuzz(ITestOutputHelper output)
{
    private static readonly string[] Pieces =
    [
        "demo", "demo-alice-7k3q", "xn--dmo-bma", "a", "-", "_", new('a', 63), new('b', 64), ".engines.localhost", ".ENGINES.localhost", "engines.localhost",
        "localhost", "LOCALHOST", "127.0.0.1", "[::1]", "gateway.example.com", "Gateway.Example.COM", ".", ":", ":80", ":8080", ":x", "@", "evil.example", "loca\u017fhost",
    ];

    [Fact]
    public void Every_host_is_sorted_as_the_plain_rule_says()
    {
        var local = new GatewayHosts(Options.Create<Aigc.Engines.Gateway.GatewayOptions>(new() { EngineDomain = "engines.localhost" }));
        var remote = new GatewayHosts(Options.Create<Aigc.Engines.Gateway.GatewayOptions>(
            new() { PublicUrl = new("https://gateway.example.com"), EngineDomain = "engines.localhost" }));
        Fuzz.Run(250_000, Pieces, output.WriteLine, host =>
        {
            Compare(local, host, Local());
            Compare(remote, host, Remote());
        });
    }

    private static void Compare(GatewayHosts hosts, string host, Regex dashboard)
    {
        var engine = Engine().Match(host);
        var expected = dashboard.IsMatch(host) ? HostKind.Dashboard : engine.Success ? HostKind.Engine : HostKind.Foreign;
        var kind = hosts.Sort(host, out var label);
        if (kind != expected || (kind == HostKind.Engine && !label.SequenceEqual(engine.Groups["label"].Value)))
            throw new InvalidOperationException($"{kind} '{label}', and should be {expected} '{engine.Groups["label"].Value}'");
    }

    // Case is spelled out, because ignoring it would let letters of other scripts pass that only look alike.
    [GeneratedRegex(@"\A(?:[Ll][Oo][Cc][Aa][Ll][Hh][Oo][Ss][Tt]|127\.0\.0\.1|\[::1\])(?::[0-9]*)?\z")]
    private static partial Regex Local();

    [GeneratedRegex(@"\A[Gg][Aa][Tt][Ee][Ww][Aa][Yy]\.[Ee][Xx][Aa][Mm][Pp][Ll][Ee]\.[Cc][Oo][Mm](?::[0-9]*)?\z")]
    private static partial Regex Remote();

    [GeneratedRegex(@"\A(?<label>[A-Za-z0-9-]{1,63})\.[Ee][Nn][Gg][Ii][Nn][Ee][Ss]\.[Ll][Oo][Cc][Aa][Ll][Hh][Oo][Ss][Tt](?::[0-9]*)?\z")]
    private static partial Regex Engine();
}
