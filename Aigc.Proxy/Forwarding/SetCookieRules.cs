using Aigc.Proxy.Gate;
using Microsoft.Extensions.Primitives;

namespace Aigc.Proxy.Forwarding;

/// <summary>An engine may set cookies for its own host, and none that could be taken for ours.</summary>
public static class SetCookieRules
{
    public static StringValues Filter(StringValues lines)
    {
        foreach (var line in lines)
            if (!Allows(line))
                return lines.Where(Allows).ToArray();
        return lines;
    }

    public static bool Allows(string? line)
    {
        var first = true;
        foreach (var range in line.AsSpan().Split(';'))
        {
            var part = line.AsSpan(range);
            var equals = part.IndexOf('=');
            var name = Bare(equals < 0 ? part : part[..equals]);
            // A cookie without a name comes back as its bare value, which may read like one of ours.
            if (first ? name.IsEmpty || equals < 0 || GatewayCookies.IsReserved(name) : name.Equals("domain", StringComparison.OrdinalIgnoreCase))
                return false;
            first = false;
        }
        return true;
    }

    private static ReadOnlySpan<char> Bare(ReadOnlySpan<char> name)
    {
        while (!name.IsEmpty && (name[0] is '"' or '\'' || char.IsWhiteSpace(name[0]) || char.IsControl(name[0])))
            name = name[1..];
        while (!name.IsEmpty && (name[^1] is '"' or '\'' || char.IsWhiteSpace(name[^1]) || char.IsControl(name[^1])))
            name = name[..^1];
        return name;
    }
}
