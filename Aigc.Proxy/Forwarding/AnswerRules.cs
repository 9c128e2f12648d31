using System.Collections.Frozen;

namespace Aigc.Proxy.Forwarding;

/// <summary>
/// An engine's answer passes as it is, but for what would reach beyond its own host: the hosts of other engines, this
/// gateway, and whoever is before it.
/// </summary>
public static class AnswerRules
{
    /// <summary>Would bind, redirect, sign out or watch browsers beyond this answer and this host.</summary>
    private static readonly FrozenSet<string> Names = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "Strict-Transport-Security", "Alt-Svc", "Clear-Site-Data", "NEL", "Report-To", "Set-Cookie2", "Public-Key-Pins");

    /// <summary>Would have a server before this gateway send its own files, or those of another address.</summary>
    private static readonly string[] Orders = ["X-Accel-", "X-Sendfile", "X-Lighttpd-Send-", "X-Reproxy-"];
    private static readonly string[] Ours = ["X-Gateway-", "X-Aigc-"];

    /// <param name="answer">The answer as it came. It is looked through, and not the headers that go on: that takes no memory.</param>
    /// <param name="headers">Those that go on.</param>
    public static void Apply(HttpResponseMessage answer, IHeaderDictionary headers)
    {
        foreach (var header in answer.Headers.NonValidated)
            if (IsDropped(header.Key))
                headers.Remove(header.Key);
        if (headers.SetCookie is { Count: > 0 } cookies)
            headers.SetCookie = SetCookieRules.Filter(cookies);
    }

    public static bool IsDropped(string name) =>
        name[0] is 'X' or 'x' ? StartsWithAny(name, Ours) || (StartsWithAny(name, Orders) && !IsBuffering(name)) : Names.Contains(name);

    // Streams ask for it, and it is about this answer alone.
    private static bool IsBuffering(string name) => name.Equals("X-Accel-Buffering", StringComparison.OrdinalIgnoreCase);

    private static bool StartsWithAny(string name, string[] prefixes)
    {
        foreach (var prefix in prefixes)
            if (ForeignHeaders.StartsWith(name, prefix))
                return true;
        return false;
    }
}
