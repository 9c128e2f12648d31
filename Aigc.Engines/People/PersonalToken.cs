namespace Aigc.Engines.People;

/// <summary>A personal token as it is kept: the secret itself was shown once.</summary>
/// <param name="OnlyEngines">The ids of the engines it is limited to, separated by spaces; null: all that are the person's.</param>
/// <param name="LastUsedFrom">The client's address then.</param>
public sealed record PersonalToken(
    string Id, UserId User, string Name, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? LastUsedAt,
    Scopes Scopes = Scopes.All, string? OnlyEngines = null, string? LastUsedFrom = null);
