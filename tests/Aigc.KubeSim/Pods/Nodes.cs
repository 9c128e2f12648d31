using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using Aigc.KubeSim.Controllers;
using Aigc.KubeSim.Objects;

namespace Aigc.KubeSim.Pods;

/// <summary>The machines of the cluster, and what may happen to them.</summary>
public sealed class Nodes
{
    internal const string LeaseNamespace = "kube-node-lease";
    private static readonly TimeSpan BetweenBeats = TimeSpan.FromSeconds(10);

    private readonly Cluster _cluster;
    private readonly ConcurrentDictionary<string, Node> _nodes = new();

    internal Nodes(Cluster cluster) => _cluster = cluster;

    /// <param name="allocatable">Such as <c>nvidia.com/gpu</c>; cpu, memory and pods are given where nothing is said.</param>
    public void Add(string name, IReadOnlyDictionary<string, string>? allocatable = null, IReadOnlyDictionary<string, string>? labels = null)
    {
        var all = new Dictionary<string, string> { ["cpu"] = "16", ["memory"] = "64Gi", ["pods"] = "110" };
        foreach (var (resource, amount) in allocatable ?? new Dictionary<string, string>())
            all[resource] = amount;
        var node = new Node(name, all, new Dictionary<string, string>(labels ?? new Dictionary<string, string>())
        {
            ["kubernetes.io/hostname"] = name,
            ["kubernetes.io/os"] = "linux",
            ["kubernetes.io/arch"] = "amd64",
        });
        _nodes[name] = node;
        Beat(node);
        _cluster.Create(new(ResourceType.Node, "", name), new()
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Node",
            ["metadata"] = new JsonObject { ["name"] = name, ["labels"] = Map(node.Labels) },
            ["spec"] = new JsonObject(),
        });
        Report(node);
    }

    /// <summary>Nobody hears of it any more; its pods go on.</summary>
    public void Lose(string name) => _nodes[name].Lose();

    /// <summary>It is heard of again, and does what was asked meanwhile.</summary>
    public void Return(string name)
    {
        _nodes[name].Return();
        Beat(_nodes[name]);
        Report(_nodes[name]);
    }

    /// <summary>It is taken away with all that runs on it, as spot machines are.</summary>
    public void Remove(string name)
    {
        _nodes.TryRemove(name, out var node);
        _cluster.Delete(new(ResourceType.Node, "", name));
        // Lost or not, what runs on it ends.
        node?.Return();
    }

    /// <returns>False when nobody hears of it.</returns>
    internal bool TryBeat(string name)
    {
        if (Find(name) is not { IsConnected: true } node)
            return false;
        Beat(node);
        return true;
    }

    internal void Reconnect()
    {
        foreach (var node in _nodes.Values)
            node.Return();
    }

    internal Node? Find(string name) => _nodes.GetValueOrDefault(name);

    internal async Task BeatAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(BetweenBeats, _cluster.Time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            foreach (var node in _nodes.Values.Where(node => node.IsConnected))
                Beat(node);
        }
    }

    private void Beat(Node node)
    {
        var key = new ObjectKey(ResourceType.Lease, LeaseNamespace, node.Name);
        var spec = new JsonObject
        {
            ["holderIdentity"] = node.Name,
            ["leaseDurationSeconds"] = 40,
            ["renewTime"] = _cluster.Time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture),
        };
        lock (_cluster.Store.Gate)
        {
            if (_cluster.Store.Find(key) is null)
                _cluster.Create(key, new() { ["apiVersion"] = "coordination.k8s.io/v1", ["kind"] = "Lease", ["metadata"] = new JsonObject { ["name"] = node.Name }, ["spec"] = spec });
            else
                _cluster.Update(key, lease => lease["spec"] = spec);
        }
    }

    private void Report(Node node) => _cluster.UpdateStatus(new(ResourceType.Node, "", node.Name), status =>
    {
        status["capacity"] = Map(node.Allocatable);
        status["allocatable"] = Map(node.Allocatable);
        status["addresses"] = new JsonArray(new JsonObject { ["type"] = "InternalIP", ["address"] = "127.0.0.1" }, new JsonObject { ["type"] = "Hostname", ["address"] = node.Name });
        _cluster.Condition(status, "Ready", true, "KubeletReady", "kubelet is posting ready status");
    });

    private static JsonObject Map(IReadOnlyDictionary<string, string> map) => new(map.Select(one => KeyValuePair.Create(one.Key, (JsonNode?)one.Value)));
}
