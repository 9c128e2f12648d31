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
        // On the warm path of every page: one string for all that is kept.
        var kept = new Collected(stackalloc char[512]);
        foreach (var line in header)
        {
            foreach (var range in line.AsSpan().Split(';'))
            {
                var cookie = line.AsSpan(range).Trim();
                if (cookie.IsEmpty || IsReserved(cookie))
                    continue;
                if (kept.Length > 0)
                    kept.Append("; ");
                kept.Append(cookie);
            }
        }
        return kept.Length == 0 ? null : kept.ToString();
    }

    /// <summary>Collects characters on the stack, and on the heap once they do not fit there any more.</summary>
    private ref struct Collected(Span<char> space)
    {
        private Span<char> _space = space;

        public int Length { get; private set; }

        public void Append(ReadOnlySpan<char> text)
        {
            if (text.Length > _space.Length - Length)
            {
                var larger = new char[Math.Max(_space.Length * 2, Length + text.Length)];
                _space[..Length].CopyTo(larger);
                _space = larger;
            }
            text.CopyTo(_space[Length..]);
            Length += text.Length;
        }

        public override readonly string ToString() => new(_space[..Length]);
    }
}
