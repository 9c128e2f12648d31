using Aigc.Engines.Gateway;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Aigc.Proxy.Gate;

/// <summary>Our cookies on engine hosts. Names under the reserved prefix never reach an engine, and no engine can set one.</summary>
public sealed class GatewayCookies
{
    private const string Reserved = "aigc-";
    private const string ReservedHost = "__Host-aigc-";

    private readonly bool _secure;

    public GatewayCookies(IOptions<GatewayOptions> options)
    {
        _secure = options.Value.PublicUrl.Scheme == Uri.UriSchemeHttps;
        Engine = (_secure ? ReservedHost : Reserved) + "engine";
        Enter = (_secure ? ReservedHost : Reserved) + "enter";
    }

    /// <summary>Name of the cookie that is the sign-in on one engine's host.</summary>
    public string Engine { get; }

    /// <summary>Name of the cookie with the nonce that binds a one-time code to the browser.</summary>
    public string Enter { get; }

    public CookieOptions Options(DateTimeOffset expires) =>
        new() { HttpOnly = true, Secure = _secure, SameSite = SameSiteMode.Lax, Path = "/", Expires = expires };

    public static bool IsReserved(ReadOnlySpan<char> name) =>
        name.StartsWith(Reserved, StringComparison.OrdinalIgnoreCase) || name.StartsWith(ReservedHost, StringComparison.OrdinalIgnoreCase);

    /// <summary>The value of a cookie as the header carries it; empty: not there.</summary>
    public static ReadOnlySpan<char> Find(StringValues header, string name)
    {
        foreach (var line in header)
        {
            foreach (var range in line.AsSpan().Split(';'))
            {
                var cookie = line.AsSpan(range).Trim();
                if (cookie.Length > name.Length && cookie[name.Length] == '=' && cookie.StartsWith(name, StringComparison.Ordinal))
                    return cookie[(name.Length + 1)..];
            }
        }
        return default;
    }

    /// <summary>The header without our cookies; null: nothing is left.</summary>
    public static string? WithoutOurs(StringValues header)
    {
        List<string>? kept = null;
        foreach (var line in header)
        {
            foreach (var range in line.AsSpan().Split(';'))
            {
                var cookie = line.AsSpan(range).Trim();
                if (!cookie.IsEmpty && !IsReserved(cookie))
                    (kept ??= []).Add(cookie.ToString());
            }
        }
        return kept is null ? null : string.Join("; ", kept);
    }
}
