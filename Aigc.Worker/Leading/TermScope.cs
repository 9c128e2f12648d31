using Aigc.Engines.Leading;

namespace Aigc.Worker.Leading;

/// <summary>What one term knows of itself. Everything that lives in the term's scope, and all its memory, ends with it.</summary>
public sealed class TermScope
{
    private Term? _term;

    public Term Term => _term ?? throw new InvalidOperationException("Nobody leads in this scope: only the leader creates what belongs to a term.");

    /// <summary>The database was away before this term: what was used meanwhile is not known.</summary>
    public bool AfterOutage { get; private set; }

    public void Begin(Term term, bool afterOutage) => (_term, AfterOutage) = (term, afterOutage);
}
