using Aigc.Disks;

namespace Aigc.Worker.Kubernetes.Files;

/// <summary>Why the disk of an engine in a cluster is not seen.</summary>
internal static class DiskTrouble
{
    public static DiskException Off() => new(
        501, "files-not-here", $"The files of engines in a cluster are not shown: {KubernetesFilesOptions.ImageKey} of the worker names no image to show them with.");

    public static DiskException NotHere() => new(
        409, "files-not-here", "The files of this engine are not shown: its template gives it no disk, or its machine's network.");

    public static DiskException Asleep() => new(
        409, "engine-asleep", "This engine is not awake. Its disk is kept in the cluster, and its files are seen while it is awake: wake it, and ask again when it is ready.");

    /// <param name="why">A word of the kubelet.</param>
    public static DiskException NotReady(string? why) => new(
        409, "files-not-ready", why is null or "ContainerCreating" or "PodInitializing"
            ? "This engine is on its way. Its files are seen as soon as its pod runs: try again in a few seconds."
            : $"The container \"{DiskContainer.Name}\" of this engine's pod, which shows its files, does not run ({why}). Its administrator finds out why.");

    public static DiskException NeedsRestart() => new(
        409, "files-need-restart", "This engine was started before its files could be seen. Restart it.");

    public static DiskException TooMany() => new(
        409, "too-many-files", "This folder holds more files than can be listed. Those with a known name can still be read, written and deleted.");

    public static DiskException ClusterAway(Exception inner) => new(
        502, "disk-away", "The cluster does not answer, so the engine's files are not seen right now. Try again in a minute.", inner);

    public static DiskException Away(Exception? inner = null) => new(
        502, "disk-away", "The engine's pod does not answer for its files as it should. Try again in a moment; if it stays, restart the engine.", inner);
}
