namespace Aigc.Engines.Policies;

public enum RuleKind
{
    /// <summary>What somebody may use.</summary>
    Quota,

    /// <summary>What a group's part of scarce cards is.</summary>
    Share,

    /// <summary>How engines fall asleep.</summary>
    Idle,
}

public enum RuleScope
{
    Everyone,
    Group,
    Person,
}

/// <summary>What administrators have laid down for somebody. Of several that apply the strictest counts.</summary>
/// <param name="Id">The group's or the person's; empty for everyone.</param>
/// <param name="Body">JSON, whose fields the kind knows.</param>
public sealed record Rule(RuleKind Kind, RuleScope Scope, string Id, string Body)
{
    /// <summary>As the API's addresses, the database and the audit log name it.</summary>
    public string Path => $"{Name(Kind)}/{Name(Scope)}{(Id.Length == 0 ? "" : $"/{Id}")}";

    public static string Name(RuleKind kind) => kind.ToString().ToLowerInvariant();

    public static string Name(RuleScope scope) => scope.ToString().ToLowerInvariant();
}
