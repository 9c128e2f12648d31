using Aigc.Engines.Lifecycle;
using Aigc.Worker.Runtimes;

namespace Aigc.Worker.Kubernetes;

/// <summary>What the cluster's objects of one engine mean. Pure: no I/O and no clock.</summary>
internal static class Observation
{
    /// <summary>A kubelet that lives lets a pod go this soon after its grace period.</summary>
    private static readonly TimeSpan KubeletPatience = TimeSpan.FromSeconds(30);

    /// <param name="claim">Its disk's, where there is one.</param>
    public static Compute? Of(
        EngineId engine, DeploymentView? deployment, IReadOnlyList<PodView> pods, ObjectView? claim, DateTimeOffset now)
    {
        if (pods.FirstOrDefault(pod => pod.Start is not null) is { } single)
            deployment = InsteadOf(single, single.Start!);

        // One that has its machine is the engine, whoever asked for more.
        var alive = pods.Where(pod => !pod.Finished).OrderBy(pod => pod.PlacedAt is null).ThenByDescending(pod => pod.CreatedAt).ToList();
        var wanted = deployment is { Replicas: > 0 };
        var compute = new Compute(
            engine, deployment?.Run ?? deployment?.Uid ?? "", deployment?.Generation ?? 0, ComputePhase.Pending,
            deployment?.StartedAt ?? now, deployment?.StartedAt ?? now, null, null, null, HasMachine: false);

        // A pod on its way out comes first: while it is there, nothing else uses the disk.
        if ((alive.Find(pod => pod.LeavesAt is not null) ?? (wanted ? null : alive.FirstOrDefault())) is { } leaving)
            return Leaving(compute, deployment, leaving, wanted, now);
        if (!wanted)
        {
            return deployment?.Run is null ? null : compute with
            {
                Uid = deployment.Pod ?? compute.Uid,
                Phase = ComputePhase.Exited,
                StartedAt = deployment.PodStartedAt ?? compute.StartedAt,
                HasMachine = deployment.Pod is { } last && last != compute.Uid,
                // Somebody else's doing: it was not we who stopped it.
                Waiting = deployment.StoppedAt is null ? new(Reasons.Displaced) : null,
            };
        }

        return NotAhead(alive.FirstOrDefault() is { } pod ? Present(compute, pod, deployment!.Port, claim) : Unmade(compute, deployment!), now);
    }

    /// <summary>What a Deployment would say of a pod that stands by itself.</summary>
    private static DeploymentView InsteadOf(PodView pod, PodStart start) => new(
        pod.Uid, pod.Version, pod is { LeavesAt: null, Finished: false } ? 1 : 0, Run: pod.Name, start.Generation, start.Port,
        start.At, StoppedAt: null, Pod: start.Run, Begin(pod), Term: 0, Trouble: null);

    private static Compute Leaving(Compute compute, DeploymentView? deployment, PodView pod, bool wanted, DateTimeOffset now)
    {
        var lost = pod.IsLost || (pod.LeavesAt is { } until && now - until > KubeletPatience);
        return NotAhead(compute with
        {
            Uid = pod.PlacedAt is null ? compute.Uid : pod.Use,
            HasMachine = pod.PlacedAt is not null,
            Phase = ComputePhase.Stopping,
            StartedAt = Begin(pod) ?? pod.CreatedAt,
            PhaseSince = (wanted ? null : deployment?.StoppedAt) ?? pod.LeavesAt - pod.Grace ?? now,
            Waiting = lost ? new(Reasons.MachineGone, pod.Node) : wanted ? new(Reasons.Displaced) : null,
        }, now);
    }

    /// <summary>No pod yet: either in a moment, or the API server refuses to make one.</summary>
    private static Compute Unmade(Compute compute, DeploymentView deployment) => deployment.Trouble switch
    {
        null => compute,
        // A new namespace gets its account a moment after it is there.
        var trouble when trouble.Contains("error looking up service account", StringComparison.Ordinal) => compute,
        var trouble when trouble.Contains("exceeded quota", StringComparison.Ordinal) =>
            compute with { Waiting = new(Reasons.QuotaUsed, ClusterWords.Quota(trouble)) },
        var trouble => compute with { Failure = new(Reasons.ClusterRefused, ClusterWords.Short(trouble)) },
    };

    private static Compute Present(Compute compute, PodView pod, int port, ObjectView? claim)
    {
        if (Begin(pod) is not { } placed)
        {
            return compute with
            {
                PhaseSince = pod.CreatedAt,
                Waiting = pod.Unplaced is not { } why ? null
                    : claim is { Phase: "Pending" } || why.Contains("persistentvolumeclaim", StringComparison.OrdinalIgnoreCase)
                        ? new(Reasons.DiskPending, ClusterWords.Short(why))
                        : new(Reasons.NoRoom, ClusterWords.Room(why)),
            };
        }

        compute = compute with
        {
            Uid = pod.Use,
            HasMachine = true,
            Phase = ComputePhase.Running,
            StartedAt = placed,
            PhaseSince = placed,
            Address = pod.Ip is { } ip ? new UriBuilder("http", ip, port).Uri : null,
        };
        if (pod.IsLost)
            return compute with { Waiting = new(Reasons.MachineGone, pod.Node) };
        if (pod.Ended is { } end)
        {
            var at = end.At > placed ? end.At.Value : placed;
            return compute with
            {
                Phase = ComputePhase.Exited,
                PhaseSince = at,
                EndedAt = at,
                ExitCode = end.Code,
                Failure = end.Reason == "OOMKilled" ? new(Reasons.OutOfMemory) : null,
            };
        }

        return pod.Stuck switch
        {
            ("InvalidImageName" or "ErrImageNeverPull", _) => compute with { Failure = new(Reasons.ImageMissing, pod.Image) },
            // Tried again by the kubelet, under changing words: people read one.
            ({ } reason, _) when reason.Contains("Image", StringComparison.Ordinal) => compute with { Waiting = new(Reasons.ImageMissing, pod.Image) },
            ({ } reason, var message) => compute with { Waiting = new(Reasons.NotAsTemplated, ClusterWords.Short(message.Length > 0 ? message : reason)) },
            _ when !pod.IsRunning || compute.Address is null => compute with { Waiting = new(Reasons.Fetching) },
            _ => compute,
        };
    }

    /// <summary>When it had both its machine and its engine.</summary>
    private static DateTimeOffset? Begin(PodView pod) => pod.PlacedAt is not null && pod.Start?.At > pod.PlacedAt ? pod.Start.At : pod.PlacedAt;

    /// <summary>What was written by another's clock is not allowed to lie ahead of ours.</summary>
    private static Compute NotAhead(Compute compute, DateTimeOffset now) => compute with
    {
        StartedAt = Earlier(compute.StartedAt, now),
        PhaseSince = Earlier(compute.PhaseSince, now),
        EndedAt = compute.EndedAt is { } ended ? Earlier(ended, now) : null,
    };

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;
}
