using System.Text.Json.Nodes;
using Aigc.KubeSim.Api;

namespace Aigc.KubeSim.Objects;

/// <summary>All objects, one counter of versions for all of them, and what changed, for as long as it is remembered.</summary>
internal sealed class ObjectStore
{
    private const int Remembered = 200_000;

    private readonly Dictionary<ResourceType, SortedDictionary<ObjectKey, StoredObject>> _objects =
        ResourceType.All.ToDictionary(type => type, _ => new SortedDictionary<ObjectKey, StoredObject>());
    private readonly List<Change> _log = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    // A cluster that lives has versions; zero and one mean something else in requests.
    private long _version = 100;
    private long _forgotten;

    /// <summary>Held by whoever reads in order to write.</summary>
    public Lock Gate { get; } = new();

    public long Version
    {
        get
        {
            lock (Gate)
                return _version;
        }
    }

    /// <summary>Completes with the next change.</summary>
    public Task Changed
    {
        get
        {
            lock (Gate)
                return _changed.Task;
        }
    }

    public StoredObject? Find(ObjectKey key)
    {
        lock (Gate)
            return _objects[key.Type].GetValueOrDefault(key);
    }

    public StoredObject? Find(ResourceType type, string @namespace, string name) => Find(new(type, @namespace, name));

    /// <param name="namespace">Null: all of them.</param>
    public List<StoredObject> List(ResourceType type, string? @namespace)
    {
        lock (Gate)
            return [.. _objects[type].Values.Where(one => @namespace is null || one.Key.Namespace == @namespace)];
    }

    /// <summary>As it was at that version.</summary>
    /// <exception cref="ApiException">That is forgotten.</exception>
    public List<StoredObject> ListAt(ResourceType type, string? @namespace, long version)
    {
        lock (Gate)
        {
            if (version < _forgotten)
                throw ApiException.Expired("The provided resource version is too old.");
            var then = new SortedDictionary<ObjectKey, StoredObject>(_objects[type]);
            for (var index = _log.Count - 1; index >= 0 && _log[index].Version > version; index--)
            {
                if (_log[index] is not { } change || change.Key.Type != type)
                    continue;
                if (change.Before is { } before)
                    then[change.Key] = before;
                else
                    then.Remove(change.Key);
            }

            return [.. then.Values.Where(one => @namespace is null || one.Key.Namespace == @namespace)];
        }
    }

    /// <summary>What changed after that version, and up to which version that is all; null when that is forgotten.</summary>
    public (List<Change> Changes, long UpTo, Task More)? Since(ResourceType type, long version)
    {
        lock (Gate)
        {
            if (version < _forgotten)
                return null;
            return ([.. After(version).Where(change => change.Key.Type == type)], _version, _changed.Task);
        }
    }

    /// <summary>What is remembered of the time before.</summary>
    public List<Change> Until(ResourceType type, long version)
    {
        lock (Gate)
            return [.. _log.Where(change => change.Key.Type == type && change.Version > _forgotten && change.Version <= version)];
    }

    /// <summary>All kinds of changes after that version.</summary>
    public (List<Change> Changes, long UpTo, Task More) Since(long version)
    {
        lock (Gate)
            return ([.. After(version)], _version, _changed.Task);
    }

    public StoredObject Put(ObjectKey key, JsonObject content)
    {
        lock (Gate)
        {
            var before = _objects[key.Type].GetValueOrDefault(key);
            var after = Write(key, content);
            _objects[key.Type][key] = after;
            Tell(new(_version, before, after, IsDeletion: false));
            return after;
        }
    }

    public StoredObject Remove(ObjectKey key, JsonObject last)
    {
        lock (Gate)
        {
            var before = _objects[key.Type][key];
            var after = Write(key, last);
            _objects[key.Type].Remove(key);
            Tell(new(_version, before, after, IsDeletion: true));
            return after;
        }
    }

    /// <summary>Forgets what was before now, as a server does each few minutes. The cluster's own controllers miss nothing by it.</summary>
    public void Forget()
    {
        lock (Gate)
            _forgotten = _version;
    }

    /// <summary>Found from the end, where it nearly always is.</summary>
    private IEnumerable<Change> After(long version)
    {
        var first = _log.Count;
        while (first > 0 && _log[first - 1].Version > version)
            first--;
        return _log.Skip(first);
    }

    private StoredObject Write(ObjectKey key, JsonObject content)
    {
        _version++;
        content.Child("metadata")["resourceVersion"] = $"{_version}";
        return new(key, _version, content);
    }

    private void Tell(Change change)
    {
        _log.Add(change);
        if (_log.Count > Remembered)
        {
            _forgotten = _log[Remembered / 2].Version;
            _log.RemoveRange(0, (Remembered / 2) + 1);
        }

        var changed = _changed;
        _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        changed.SetResult();
    }
}
