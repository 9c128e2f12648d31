namespace Aigc.Engines.People;

/// <summary>A personal token as it is kept: the secret itself was shown once.</summary>
public sealed record PersonalToken(string Id, UserId User, string Name, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? LastUsedAt);
