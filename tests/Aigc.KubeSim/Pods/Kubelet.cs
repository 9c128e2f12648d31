using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using Aigc.KubeSim.Controllers;
using Aigc.KubeSim.Objects;
using Microsoft.Extensions.Logging;

namespace Aigc.KubeSim.Pods;

/// <summary>Runs the pods of all nodes as processes of this machine.</summary>
/// <param name="address">Of all pods; null: each has its own.</param>
internal sealed partial class Kubelet(
    Cluster cluster, Nodes nodes, ContainerLogs logs, Attachments attachments, TimeSpan firstBackOff, string? address, ILogger logger)
    : IController, IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, (PodRun Run, Task Work)> _pods = new();
    /// <summary>Shared by all clusters of this process, and begun anywhere: others on this machine have pods too.</summary>
    private static int _addresses = Random.Shared.Next(1 << 20);

    public Cluster Cluster => cluster;

    public ContainerLogs Logs => logs;

    public Attachments Attachments => attachments;

    public Needs Needs { get; } = new(cluster.Store, attachments);

    public TimeSpan FirstBackOff => firstBackOff;

    public IEnumerable<ObjectKey> Concerns(Change change)
    {
        if (change.Key.Type != ResourceType.Pod)
            return [];
        if (change.IsDeletion && _pods.TryGetValue(change.After.Uid, out var pod))
            pod.Run.Vanish();
        return change.IsDeletion || change.After.Fields["spec.nodeName"].Length == 0 ? [] : [change.Key];
    }

    public TimeSpan? Reconcile(ObjectKey key)
    {
        if (cluster.Store.Find(key) is not { } stored || nodes.Find(stored.Fields["spec.nodeName"]) is not { } node)
            return null;
        var pod = stored.Read();
        if (!_pods.TryGetValue(stored.Uid, out var known))
        {
            if (stored.Fields["status.phase"] is "Succeeded" or "Failed")
                return null;
            var run = new PodRun(key, stored.Uid, address ?? NextAddress(), pod, node, this);
            _pods[stored.Uid] = known = (run, Task.Run(() => WatchOverAsync(run)));
        }

        known.Run.Saw(pod);
        if (stored.IsDeleting)
            known.Run.End(TimeSpan.FromSeconds(pod.Number("metadata", "deletionGracePeriodSeconds") ?? 0));
        return null;
    }

    /// <summary>What a container of this pod finds in its environment.</summary>
    public IReadOnlyDictionary<string, string> Environment(ObjectKey key, string podAddress, JsonObject pod)
    {
        var environment = new Dictionary<string, string> { ["POD_IP"] = podAddress, ["POD_NAME"] = key.Name };
        foreach (var variable in pod.Each("spec", "containers").First().Each("env"))
        {
            if (variable.Text("value") is { } value)
                environment[variable.Text("name")!] = value;
        }

        foreach (var volume in pod.Each("spec", "volumes"))
        {
            if (volume.Text("persistentVolumeClaim", "claimName") is { } claim && ClaimController.FolderOf(cluster.Store, key.Namespace, claim) is { } folder)
                environment[$"VOLUME_{volume.Text("name")!.ToUpper(CultureInfo.InvariantCulture).Replace('-', '_')}"] = folder;
        }

        return environment;
    }

    public async ValueTask DisposeAsync()
    {
        // Who waits for a lost node would wait for ever.
        nodes.Reconnect();
        foreach (var (run, _) in _pods.Values)
            run.Kill();
        foreach (var (run, _) in _pods.Values)
            run.Vanish();
        await Task.WhenAll(_pods.Values.Select(pod => pod.Work));
    }

    private static string NextAddress()
    {
        var number = Interlocked.Increment(ref _addresses);
        return $"127.{65 + (number / 62_500 % 100)}.{number / 250 % 250}.{(number % 250) + 1}";
    }

    private async Task WatchOverAsync(PodRun run)
    {
        try
        {
            await run.RunAsync();
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            Log.Failed(logger, exception, run.Uid);
        }
        finally
        {
            run.Kill();
            attachments.Detach(run.Uid);
            _pods.TryRemove(run.Uid, out _);
            run.Dispose();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "The run of pod {Uid} failed")]
        public static partial void Failed(ILogger logger, Exception exception, string uid);
    }
}
