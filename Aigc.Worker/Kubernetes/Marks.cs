using System.Globalization;
using Aigc.Engines.Lifecycle;

namespace Aigc.Worker.Kubernetes;

/// <summary>How an engine's objects are named and found, and what is written on them.</summary>
internal static class Marks
{
    /// <summary>The one field manager of all that is applied.</summary>
    public const string Manager = "aigc-worker";

    /// <summary>On every object of an engine, its pods included: the engine's id.</summary>
    public const string EngineLabel = "aigc/engine";
    public const string ManagedByLabel = "app.kubernetes.io/managed-by";
    public const string ManagedBy = "aigc";

    // For people who look at the cluster.
    public const string Owner = "aigc/owner";
    public const string Group = "aigc/group";
    public const string Host = "aigc/host";

    // On the Deployment: the present start. Empty is as good as absent.
    public const string Run = "aigc/run";
    public const string Generation = "aigc/generation";
    public const string Port = "aigc/port";
    public const string StartedAt = "aigc/started-at";
    public const string StoppedAt = "aigc/stopped-at";

    /// <summary>The pod that was stopped: what metering counts by, after the pod is gone.</summary>
    public const string Pod = "aigc/pod";

    /// <summary>When it got its machine: of one start there may have been several pods, one after the other.</summary>
    public const string PodStartedAt = "aigc/pod-started-at";

    /// <summary>The term that changed the object last.</summary>
    public const string Term = "aigc/term";

    /// <summary>What was applied: the same again need not be.</summary>
    public const string Applied = "aigc/applied";

    /// <summary>A moment, as an annotation holds it; empty: there is none.</summary>
    public static string Text(DateTimeOffset? moment) => moment?.ToString("O", CultureInfo.InvariantCulture) ?? "";

    public static string NewRun() => Guid.NewGuid().ToString("N");

    public static string NameOf(EngineId engine) => $"engine-{engine.Value}";
}
