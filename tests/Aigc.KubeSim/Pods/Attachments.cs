namespace Aigc.KubeSim.Pods;

/// <summary>Which disk is attached to which node, for which pods: a disk of its own kind is never on two.</summary>
internal sealed class Attachments
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (string Node, HashSet<string> Pods)> _disks = [];

    /// <returns>The pods on another node that have it; none when it is attached.</returns>
    public IReadOnlyCollection<string> TryAttach(string disk, string node, string pod)
    {
        lock (_gate)
        {
            if (_disks.TryGetValue(disk, out var there) && there.Pods.Count > 0 && there.Node != node)
                return [.. there.Pods];
            if (there.Pods is null || there.Node != node)
                _disks[disk] = there = (node, []);
            there.Pods.Add(pod);
            return [];
        }
    }

    public void Detach(string pod)
    {
        lock (_gate)
        {
            foreach (var (_, pods) in _disks.Values)
                pods.Remove(pod);
        }
    }
}
