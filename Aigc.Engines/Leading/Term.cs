namespace Aigc.Engines.Leading;

/// <summary>
/// One worker's time as the leader; each new one has a greater number. What a leader writes carries its term, and is
/// refused once a newer one has begun: a leader that was paused and does not know it was replaced can't do harm.
/// </summary>
public readonly record struct Term(long Number)
{
    public override string ToString() => $"{Number}";
}

/// <summary>A write came from a worker that does not lead any more.</summary>
/// <param name="newest">The newest term that the refusing part has seen, where it knows.</param>
public sealed class NotLeadingException(Term term, long? newest = null)
    : Exception($"This worker led in term {term}; another one leads now. It stops writing and waits for its turn.")
{
    public Term Term => term;

    public long? Newest => newest;
}
