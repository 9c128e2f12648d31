using System.Collections.Concurrent;
using System.Security.Cryptography;
using Aigc.DevIdentity.SigningIn;

namespace Aigc.DevIdentity.Tokens;

/// <summary>What a person's sign-in allows a client.</summary>
internal sealed record Grant(SignIn SignIn, string ClientId, string RedirectUri, string Challenge, string? Nonce, string Scope);

/// <summary>Codes and refresh tokens are written <c>family.secret</c>; the family says which sign-in they descend from.</summary>
internal static class Secret
{
    public static string New() => RandomNumberGenerator.GetHexString(48, lowercase: true);

    public static string FamilyOf(string token) => token.Split('.')[0];
}

/// <summary>Authorization codes: used once, within 60 seconds.</summary>
internal sealed class CodeStore(TimeProvider time)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(60);
    private readonly ConcurrentDictionary<string, (Grant Grant, DateTimeOffset Expires)> _codes = new();

    public string Issue(Grant grant)
    {
        var now = time.GetUtcNow();
        foreach (var (old, entry) in _codes)
        {
            if (entry.Expires <= now)
                _codes.TryRemove(old, out _);
        }
        var code = $"{Secret.New()}.{Secret.New()}";
        _codes[code] = (grant, now + Lifetime);
        return code;
    }

    public Grant? Redeem(string code) => _codes.TryRemove(code, out var entry) && entry.Expires > time.GetUtcNow() ? entry.Grant : null;
}

/// <summary>Refresh tokens: each use replaces them; the use of a replaced one revokes the family.</summary>
internal sealed class RefreshStore
{
    private readonly ConcurrentDictionary<string, (string Token, Grant Grant)> _families = new();

    public string Start(string family, Grant grant) => (_families[family] = ($"{family}.{Secret.New()}", grant)).Token;

    public (string Token, Grant Grant)? Rotate(string token)
    {
        var family = Secret.FamilyOf(token);
        if (!_families.TryGetValue(family, out var current))
            return null;
        var next = ($"{family}.{Secret.New()}", current.Grant);
        if (current.Token == token && _families.TryUpdate(family, next, current))
            return next;
        Revoke(family);
        return null;
    }

    public void Revoke(string family) => _families.TryRemove(family, out _);
}

internal static class GrantsExtensions
{
    public static void AddGrants(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<CodeStore>();
        builder.Services.AddSingleton<RefreshStore>();
        builder.Services.AddSingleton<TokenWriter>();
    }
}
