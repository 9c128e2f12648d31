using Aigc.Engines.Lifecycle;
using Aigc.Engines.Quotas;
using Aigc.Engines.Templates;

namespace Aigc.Api.Engines;

/// <summary>What came of an action on an engine.</summary>
public abstract record Outcome
{
    public sealed record Ok(Engine Engine) : Outcome;

    /// <summary>There is no such engine, or it is none of the caller's business that there is.</summary>
    public sealed record NotFound : Outcome;

    public sealed record Forbidden(string Sentence) : Outcome;

    public sealed record Invalid(string Sentence) : Outcome;

    /// <summary>The owner keeps as many engines awake as one may.</summary>
    /// <param name="Awake">The hosts of those.</param>
    public sealed record TooManyAwake(int Limit, IReadOnlyList<string> Awake) : Outcome;

    /// <summary>A quota of the owner or their group is used.</summary>
    /// <param name="Renews">When what was used counts no more, where that is a matter of time.</param>
    public sealed record QuotaFull(QuotaUsed Used, DateOnly? Renews) : Outcome;

    /// <summary>It would lose what it is at work on: ask again, knowing that.</summary>
    public sealed record AtWork(Engine Engine, LocalizedText Work) : Outcome;

    public sealed record Conflict(string Sentence) : Outcome;
}
