namespace Aspire.Hosting.Telemetry;

/// <summary>One span as a service told it.</summary>
internal sealed record Span
{
    public string TraceId { get; init; } = "";
    public string Id { get; init; } = "";

    /// <summary>Empty: the trace begins here, or somewhere that told nothing.</summary>
    public string ParentId { get; init; } = "";
    public string Name { get; init; } = "";
    public string Service { get; init; } = "";
    public string Kind { get; init; } = "";
    public DateTimeOffset Start { get; init; }
    public DateTimeOffset End { get; init; }
    public bool Failed { get; init; }
    public string? Message { get; init; }
    public IReadOnlyList<KeyValuePair<string, string>> Attributes { get; init; } = [];

    /// <summary>Trace ids of what is linked.</summary>
    public IReadOnlyList<string> Links { get; init; } = [];

    public TimeSpan Duration => End > Start ? End - Start : TimeSpan.Zero;
}

/// <summary>A trace as far as it has been told.</summary>
/// <param name="Spans">Parents before children, earlier before later.</param>
/// <param name="Dropped">Spans that were too many to keep.</param>
internal sealed record Trace(string Id, IReadOnlyList<(Span Span, int Depth)> Spans, int Dropped)
{
    public Span Root => Spans[0].Span;
    public DateTimeOffset Start => Spans.Min(entry => entry.Span.Start);
    public DateTimeOffset End => Spans.Max(entry => entry.Span.End);
    public bool Failed => Spans.Any(entry => entry.Span.Failed);
    public IEnumerable<string> Services => Spans.Select(entry => entry.Span.Service).Distinct();
}
