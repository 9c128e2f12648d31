namespace Aspire.Hosting.Telemetry;

/// <summary>The newest traces; the oldest make room.</summary>
internal sealed class TraceStore
{
    public const int MaxTraces = 200;

    /// <summary>For each trace; nobody reads more of one.</summary>
    public const int MaxSpans = 500;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Entry> _entries = [];
    private readonly LinkedList<string> _order = [];
    private readonly Signal _changed = new();

    public Task Changed => _changed.Next;

    public void Add(IEnumerable<Span> spans)
    {
        lock (_lock)
        {
            foreach (var span in spans)
            {
                var entry = FindOrAdd(span.TraceId);
                if (entry.Spans.Count < MaxSpans) entry.Spans[span.Id] = span;
                else entry.Dropped++;
            }
        }

        _changed.Set();
    }

    /// <summary>Newest first.</summary>
    public IReadOnlyList<Trace> List()
    {
        lock (_lock) return [.. _order.Select(id => Arrange(id, _entries[id])).OrderByDescending(trace => trace.Start)];
    }

    public Trace? Find(string id)
    {
        lock (_lock) return _entries.TryGetValue(id, out var entry) ? Arrange(id, entry) : null;
    }

    private Entry FindOrAdd(string id)
    {
        if (_entries.TryGetValue(id, out var entry)) return entry;
        if (_entries.Count >= MaxTraces)
        {
            _entries.Remove(_order.First!.Value);
            _order.RemoveFirst();
        }

        _order.AddLast(id);
        return _entries[id] = new Entry();
    }

    private static Trace Arrange(string id, Entry entry)
    {
        var children = entry.Spans.Values.OrderBy(span => span.Start).ToLookup(span => entry.Spans.ContainsKey(span.ParentId) && span.ParentId != span.Id ? span.ParentId : "");
        var arranged = new List<(Span, int)>(entry.Spans.Count);
        var seen = new HashSet<string>();
        Append("", 0);

        // Spans that name each other as parents hang nowhere.
        foreach (var span in entry.Spans.Values.Where(span => !seen.Contains(span.Id)).ToList()) arranged.Add((span, 0));
        return new(id, arranged, entry.Dropped);

        void Append(string parent, int depth)
        {
            foreach (var span in children[parent])
            {
                if (!seen.Add(span.Id)) continue;
                arranged.Add((span, depth));
                Append(span.Id, depth + 1);
            }
        }
    }

    private sealed class Entry
    {
        public Dictionary<string, Span> Spans { get; } = [];
        public int Dropped { get; set; }
    }
}
