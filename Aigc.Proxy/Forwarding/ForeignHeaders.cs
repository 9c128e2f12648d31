using System.Net.Http.Headers;
using Microsoft.Extensions.Primitives;

namespace Aigc.Proxy.Forwarding;

/// <summary>Headers by which somebody outside could pose as the gateway, and that an engine could leave for it.</summary>
public static class ForeignHeaders
{
    private static readonly string[] Prefixes = ["X-Forwarded-", "X-Gateway-", "X-Aigc-", "X-Auth-Request-", "X-Original-"];
    private static readonly string[] Names = ["Forwarded", "X-Real-IP", "X-Rewrite-URL", "X-Remote-User", "Remote-User", "Proxy-Connection"];

    public static void Drop(HttpRequestHeaders headers)
    {
        while (FindIn(headers) is { } name)
            headers.Remove(name);
    }

    /// <param name="answer">The answer as it came.</param>
    /// <param name="headers">Those that go on.</param>
    public static void DropFromAnswer(HttpResponseMessage answer, IHeaderDictionary headers)
    {
        // The answer that came is looked through, and not the one that goes on: that takes no memory.
        foreach (var header in answer.Headers.NonValidated)
            if (StartsWith(header.Key, "X-Gateway-") || StartsWith(header.Key, "X-Aigc-"))
                headers.Remove(header.Key);
        // Would lead browsers past this door.
        headers.AltSvc = StringValues.Empty;
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
    private static bool StartsWith(string name, string prefix)
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
