using System.Collections.Concurrent;

namespace Aigc.KubeSim.Pods;

/// <summary>What each run of a container has written; its node forgets it with the pod.</summary>
internal sealed class ContainerLogs
{
    private readonly ConcurrentDictionary<(string Pod, string Container, int Run), List<string>> _lines = new();

    public void Add(string pod, string container, int run, string line)
    {
        var lines = _lines.GetOrAdd((pod, container, run), _ => []);
        lock (lines)
            lines.Add(line);
    }

    public IReadOnlyList<string> Read(string pod, string container, int run)
    {
        if (!_lines.TryGetValue((pod, container, run), out var lines))
            return [];
        lock (lines)
            return [.. lines];
    }

    public void Forget(string pod)
    {
        foreach (var key in _lines.Keys.Where(key => key.Pod == pod))
            _lines.TryRemove(key, out _);
    }
}
