namespace Aigc.Engines.Policies;

public enum PolicyLevel
{
    /// <summary>Nobody has said anything else.</summary>
    Default,
    Template,
    Pool,
    Everyone,
    Group,
    Person,
}

/// <summary>Who laid something down.</summary>
/// <param name="Name">The pool's or the group's.</param>
public sealed record PolicySource(PolicyLevel Level, string Name = "")
{
    public static PolicySource Default { get; } = new(PolicyLevel.Default);
}

/// <summary>A value, and where it comes from.</summary>
public readonly record struct Sourced(TimeSpan Value, PolicySource Source);

/// <summary>What somebody laid down.</summary>
public sealed record IdleLayer(IdleRule Rule, PolicySource Source);
