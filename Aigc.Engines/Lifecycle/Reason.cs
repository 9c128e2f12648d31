using System.Text.Json.Serialization;

namespace Aigc.Engines.Lifecycle;

/// <summary>Why an engine is in its state. <see cref="ReasonWords"/> turns it into a sentence.</summary>
/// <param name="Code">One of <see cref="Reasons"/>.</param>
/// <param name="Detail">What the sentence needs besides: a queue position, an exit code with the last log lines, a name.</param>
public sealed record Reason(string Code, string? Detail = null)
{
    /// <summary>How many are ahead in the queue; null: not counted. Only for showing: it is counted then, and kept nowhere.</summary>
    [JsonIgnore]
    public int? Ahead { get; init; }

    /// <summary>Without what the program logged last, which can hold prompts and file names.</summary>
    public Reason WithoutLog() => this with { Detail = Code == Reasons.NeverListened ? null : Detail?.Split('\n')[0] };
}

/// <summary>Every reason there is.</summary>
public static class Reasons
{
    // Asked for.
    public const string Created = "created";
    public const string Visit = "visit";
    public const string WakeAsked = "wake-asked";
    public const string SleepAsked = "sleep-asked";

    /// <summary>Asked for by somebody who knew that it was at work; the detail is the work.</summary>
    public const string SleepAskedWhileBusy = "sleep-asked-while-busy";
    public const string RestartAskedWhileBusy = "restart-asked-while-busy";
    public const string RestartAsked = "restart-asked";
    public const string DeleteAsked = "delete-asked";
    public const string Idle = "idle";
    public const string Spare = "spare";

    /// <summary>Its owner often comes at this time.</summary>
    public const string Habit = "habit";
    public const string NobodyCame = "nobody-came";
    public const string NoRoomAhead = "no-room-ahead";
    public const string SpareNotNeeded = "spare-not-needed";
    public const string QuietHours = "quiet-hours";
    public const string BusyTooLong = "busy-too-long";
    public const string UnknownTooLong = "unknown-too-long";
    public const string FailedTooLong = "failed-too-long";
    public const string GatewayStopped = "gateway-stopped";

    // Said of it in its history alone.
    public const string AdminAccess = "admin-access";
    public const string AdminAccessEnded = "admin-access-ended";
    public const string SpareTaken = "spare-taken";
    public const string PoolAsked = "pool-asked";
    public const string Placed = "placed";
    public const string QuotaNear = "quota-near";
    public const string DiskGrown = "disk-grown";
    public const string DiskNotGrown = "disk-not-grown";

    // On the way.
    public const string Queued = "queued";
    public const string ClusterAway = "cluster-away";
    public const string Placing = "placing";
    public const string NoRoom = "no-room";
    public const string QuotaUsed = "quota-used";
    public const string DiskPending = "disk-pending";
    public const string DiskElsewhere = "disk-elsewhere";
    public const string Fetching = "fetching";
    public const string Pulling = "pulling";
    public const string Unpacked = "unpacked";
    public const string ImageMissing = "image-missing";
    public const string NotAsTemplated = "not-as-templated";
    public const string Displaced = "displaced";
    public const string MachineGone = "machine-gone";
    public const string Starting = "starting";
    public const string Loading = "loading";
    public const string Ready = "ready";
    public const string Draining = "draining";
    public const string Stopping = "stopping";
    public const string StopForced = "stop-forced";
    public const string StoppingToWake = "stopping-to-wake";
    public const string CrashedRestarting = "crashed-restarting";

    // Failed.
    public const string Exited = "exited";
    public const string NeverPlaced = "never-placed";
    public const string NeverFetched = "never-fetched";
    public const string NeverListened = "never-listened";
    public const string NeverReady = "never-ready";
    public const string CommandMissing = "command-missing";
    public const string TemplateMissing = "template-missing";
    public const string StartFailed = "start-failed";
    public const string OutOfMemory = "out-of-memory";
    public const string ClusterRefused = "cluster-refused";
    public const string ClusterForbids = "cluster-forbids";
}
