using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using Aigc.Engines.Lifecycle;

namespace Aigc.Engines.People;

/// <summary>What a credential (cookie value, token, JWT) is known by: its SHA-256 in hexadecimal. Credentials themselves are never stored.</summary>
public readonly record struct SignInKey(string Value)
{
    public static SignInKey Of(string credential) =>
        new(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(credential))));

    public override string ToString() => Value;
}

public enum SignInKind
{
    /// <summary>A browser on the dashboard's host.</summary>
    Dashboard,

    /// <summary>A browser on one engine's host; child of a dashboard sign-in, good for that engine only.</summary>
    EngineHost,

    /// <summary>A personal token <c>aigc_…</c>.</summary>
    PersonalToken,

    /// <summary>A JWT of the identity provider.</summary>
    ProviderJwt,
}

/// <summary>A browser's or token's authenticated state. Revoking a parent revokes its children.</summary>
public sealed record SignIn
{
    public required SignInKey Key { get; init; }
    public required SignInKind Kind { get; init; }
    public required UserId User { get; init; }
    public required string UserName { get; init; }
    public required string Name { get; init; }
    public required GroupId Group { get; init; }
    public Role Role { get; init; }

    /// <summary>What the credential is good for. A browser's: for everything.</summary>
    public Scopes Scopes { get; init; } = Scopes.All;

    /// <summary>Set for a token that is limited to some engines: their ids, separated by spaces.</summary>
    public string? OnlyEngines { get; init; }

    /// <summary>Set for <see cref="SignInKind.EngineHost"/>: the one engine it opens.</summary>
    public EngineId? Engine { get; init; }

    public SignInKey? Parent { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>A credential without the scope <see cref="Scopes.Admin"/> does not stand for its person's role.</summary>
    [JsonIgnore]
    public Standing Standing => new(User, Group, Scopes.HasFlag(Scopes.Admin) ? Role : Role.User);

    /// <summary>As sign-ins were kept before there were roles.</summary>
    [JsonInclude]
    internal bool IsAdmin
    {
        get => Role == Role.Admin;
        init => Role = value ? Role.Admin : Role;
    }

    /// <summary>Whether the credential, not yet the person, may have to do with this engine.</summary>
    public bool Covers(EngineId engine) =>
        (Engine is null || Engine == engine) && (OnlyEngines is null || OnlyEngines.Split(' ').Contains(engine.Value));
}
