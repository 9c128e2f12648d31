using System.Net.Http.Headers;

namespace Aigc.Proxy.Forwarding;

/// <summary>Headers by which somebody outside could pose as the gateway, or as another program that engines are used to believe.</summary>
public static class ForeignHeaders
{
    private static readonly string[] Prefixes =
        ["X-Forwarded-", "X-Gateway-", "X-Aigc-", "X-Auth-Request-", "X-Original-", "X-Remote-", "X-WebAuth-", "X-Authentik-", "Remote-"];

    // Proxy: programs after CGI take it for the address of a proxy of theirs.
    private static readonly string[] Names =
        ["Forwarded", "X-Forwarded", "X-Real-IP", "X-Client-IP", "X-Rewrite-URL", "X-Authenticated-User", "Proxy", "Proxy-Connection"];

    public static void Drop(HttpRequestHeaders headers)
    {
        while (FindIn(headers) is { } name)
            headers.Remove(name);
    }

    private static string? FindIn(HttpRequestHeaders headers)
    {
        foreach (var header in headers.NonValidated)
            if (IsForeign(header.Key))
                return header.Key;
        return null;
    }

    public static bool IsForeign(string name)
    {
        if (name[0] is not ('X' or 'x' or 'F' or 'f' or 'R' or 'r' or 'P' or 'p'))
            return false;
        foreach (var prefix in Prefixes)
            if (StartsWith(name, prefix))
                return true;
        foreach (var foreign in Names)
            if (name.Length == foreign.Length && StartsWith(name, foreign))
                return true;
        return false;
    }

    /// <summary>Servers after WSGI and CGI take an underscore for a hyphen, so it counts as one.</summary>
    internal static bool StartsWith(string name, string prefix)
    {
        if (name.Length < prefix.Length)
            return false;
        for (var i = 0; i < prefix.Length; i++)
        {
            var c = name[i] == '_' ? '-' : char.ToLowerInvariant(name[i]);
            if (c != char.ToLowerInvariant(prefix[i]))
                return false;
        }
        return true;
    }
}
