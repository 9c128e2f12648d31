using System.Net;
using Microsoft.Extensions.Primitives;

namespace Aigc.Proxy.Gate;

/// <summary>
/// A page's script can't set headers on a WebSocket, but it can offer protocols: one of them may be <c>aigc.bearer.{token}</c>.
/// It is neither passed on nor chosen. Who offers <c>aigc</c> besides gets that as the answer when the engine chose nothing,
/// since browsers insist on one.
/// </summary>
public static class SocketTokens
{
    private const string Prefix = "aigc.bearer.";
    private const string Plain = "aigc";

    /// <returns>Empty: none was offered.</returns>
    public static ReadOnlySpan<char> Find(HttpRequest request)
    {
        if (request.Headers.SecWebSocketProtocol is not { Count: > 0 } protocols || !Caller.IsWebSocket(request))
            return default;
        foreach (var line in protocols)
        {
            foreach (var range in line.AsSpan().Split(','))
            {
                var protocol = line.AsSpan(range).Trim();
                if (protocol.StartsWith(Prefix, StringComparison.Ordinal))
                    return protocol[Prefix.Length..];
            }
        }

        return default;
    }

    /// <returns>What the engine is offered; null: nothing is left.</returns>
    public static string? Without(StringValues protocols)
    {
        var real = Offered(protocols).Where(protocol => !IsOurs(protocol));
        return string.Join(", ", real) is { Length: > 0 } left ? left : null;
    }

    public static void Answer(HttpRequest request, HttpResponseMessage answer, IHeaderDictionary headers)
    {
        if (answer.StatusCode == HttpStatusCode.SwitchingProtocols && StringValues.IsNullOrEmpty(headers.SecWebSocketProtocol)
            && Offered(request.Headers.SecWebSocketProtocol).Contains(Plain, StringComparer.Ordinal))
        {
            headers.SecWebSocketProtocol = Plain;
        }
    }

    private static IEnumerable<string> Offered(StringValues protocols) =>
        protocols.SelectMany(line => (line ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));

    private static bool IsOurs(string protocol) => protocol == Plain || protocol.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase);
}
