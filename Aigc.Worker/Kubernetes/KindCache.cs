using System.Globalization;
using System.Text.Json.Nodes;
using Aigc.Engines.Lifecycle;

namespace Aigc.Worker.Kubernetes;

/// <summary>The last that is known of all engines' objects of one kind.</summary>
internal sealed class KindCache<T>(Func<JsonObject, T> read)
    where T : class
{
    private sealed record Entry(T Value, string Uid, long Version);

    private readonly Lock _lock = new();
    private readonly Dictionary<EngineId, Dictionary<string, Entry>> _engines = [];

    /// <summary>Whose each object is, by its uid: a pod may be given to another engine.</summary>
    private readonly Dictionary<string, EngineId> _owners = new(StringComparer.Ordinal);

    /// <summary>An answer is on its way for seconds: what was forgotten sooner was gone long before.</summary>
    private const int MostGone = 10_000;

    /// <summary>Objects that are gone for good: an answer that was on its way longer does not bring them back.</summary>
    private readonly HashSet<string> _gone = [];

    /// <summary>Of the last list: what it did not have was gone by then, whoever tells of it later.</summary>
    private long _listedAt;

    public IReadOnlyList<T> Of(EngineId engine)
    {
        lock (_lock)
            return _engines.TryGetValue(engine, out var entries) ? [.. entries.Values.Select(entry => entry.Value)] : [];
    }

    public IReadOnlyList<EngineId> Engines()
    {
        lock (_lock)
            return [.. _engines.Keys];
    }

    /// <summary>Takes an object as it is, or was: what is known better stays.</summary>
    /// <returns>Whose it is, and whose it was, if that changed anything.</returns>
    public IReadOnlyList<EngineId> Take(JsonObject item)
    {
        if (EngineOf(item) is not { } engine)
            return [];
        var (name, entry) = Read(item);
        lock (_lock)
        {
            var isOld = Known(name, entry.Uid) is { } known ? known.Version >= entry.Version : entry.Version <= _listedAt;
            if (isOld || _gone.Contains(entry.Uid))
                return [];
            return Put(engine, name, entry) is { } before ? [engine, before] : [engine];
        }
    }

    public IReadOnlyList<EngineId> Remove(JsonObject item)
    {
        if (EngineOf(item) is not { } engine)
            return [];
        var (name, entry) = Read(item);
        lock (_lock)
        {
            var known = Known(name, entry.Uid);
            // It had left the selection once, and has come back since.
            if (known?.Version > entry.Version)
                return [];
            if (_gone.Count >= MostGone)
                _gone.Clear();
            _gone.Add(entry.Uid);
            if (known is not null)
                Drop(_owners[entry.Uid], name);
        }

        return [engine];
    }

    /// <summary>Everything there is: what is not in it is gone.</summary>
    /// <returns>Whose objects are not as they were.</returns>
    public IReadOnlyCollection<EngineId> Replace(IReadOnlyList<JsonObject> items, string version)
    {
        var changed = new HashSet<EngineId>();
        lock (_lock)
        {
            var listed = items.Select(item => Read(item).Entry.Uid).ToHashSet(StringComparer.Ordinal);
            var asOf = Number(version);
            foreach (var (engine, entries) in _engines.ToList())
            {
                // What we ourselves made after the list is not in it.
                foreach (var (name, _) in entries.Where(one => !listed.Contains(one.Value.Uid) && one.Value.Version <= asOf).ToList())
                {
                    Drop(engine, name);
                    changed.Add(engine);
                }
            }

            _gone.Clear();
            foreach (var item in items)
            {
                var (name, entry) = Read(item);
                if (EngineOf(item) is not { } engine || Known(name, entry.Uid)?.Version >= entry.Version)
                    continue;
                if (Put(engine, name, entry) is { } before)
                    changed.Add(before);
                changed.Add(engine);
            }

            _listedAt = asOf == long.MaxValue ? 0 : asOf;
        }

        return changed;
    }

    private Entry? Known(string name, string uid) => _owners.TryGetValue(uid, out var engine) ? _engines[engine][name] : null;

    /// <returns>Whose it was, if that was another.</returns>
    private EngineId? Put(EngineId engine, string name, Entry entry)
    {
        EngineId? before = _owners.TryGetValue(entry.Uid, out var owner) && owner != engine ? owner : null;
        if (before is { } other)
            Drop(other, name);
        if (!_engines.TryGetValue(engine, out var entries))
            _engines[engine] = entries = new(StringComparer.Ordinal);
        if (entries.TryGetValue(name, out var replaced))
            _owners.Remove(replaced.Uid);
        entries[name] = entry;
        _owners[entry.Uid] = engine;
        return before;
    }

    private void Drop(EngineId engine, string name)
    {
        if (_engines[engine].Remove(name, out var entry))
            _owners.Remove(entry.Uid);
        if (_engines[engine].Count == 0)
            _engines.Remove(engine);
    }

    private static EngineId? EngineOf(JsonObject item) =>
        EngineId.TryParse(item.At("metadata").At("labels").Text(Marks.EngineLabel), out var engine) ? engine : null;

    private (string Name, Entry Entry) Read(JsonObject item)
    {
        var metadata = item.At("metadata");
        return (metadata.Text("name") ?? "", new(read(item), metadata.Text("uid") ?? "", Number(metadata.Text("resourceVersion"))));
    }

    /// <summary>Versions of one kind can be compared: the API promises it by now, and all servers have kept it.</summary>
    private static long Number(string? version) =>
        long.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : long.MaxValue;
}
