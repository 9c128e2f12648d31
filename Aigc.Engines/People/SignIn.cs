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

    /// <summary>Until when it is good as things are. Moves on, at most to <see cref="EndsAt"/>, when the provider renews its access.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>When it ends in any case; null: with <see cref="ExpiresAt"/>.</summary>
    public DateTimeOffset? EndsAt { get; init; }

    /// <summary>Counts its changes: of two, the tracker keeps the newer.</summary>
    public int Revision { get; init; }

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

    /// <summary>The same sign-in, of a person of whom something has changed; itself when nothing has.</summary>
    public SignIn With(Person person)
    {
        var same = this with { UserName = person.UserName, Name = person.Name, Group = person.Group, Role = person.Role };
        return same == this ? this : same;
    }

    /// <summary>Whether the credential, not yet the person, may have to do with this engine.</summary>
    public bool Covers(EngineId engine) =>
        (Engine is null || Engine == engine) && (OnlyEngines is null || Names(OnlyEngines, engine.Value));

    private static bool Names(ReadOnlySpan<char> ids, ReadOnlySpan<char> id)
    {
        foreach (var one in ids.Split(' '))
            if (ids[one].SequenceEqual(id))
                return true;
        return false;
    }
}
