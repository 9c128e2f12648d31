using Aigc.Engines.Lifecycle;
using Aigc.Engines.People;

namespace Aigc.Engines.Storage;

/// <summary>An engine as its row has it; <see cref="ToEngine"/> is the only reader.</summary>
internal sealed class EngineRow
{
    public string Id { get; set; } = "";
    public string Owner_Id { get; set; } = "";
    public string Group_Id { get; set; } = "";
    public string Template { get; set; } = "";
    public string Template_Version { get; set; } = "";
    public string Host { get; set; } = "";
    public string Desired { get; set; } = "";
    public string Desired_Code { get; set; } = "";
    public string? Desired_Detail { get; set; }
    public long Generation { get; set; }
    public long Restart_Generation { get; set; }
    public long Keep_Disk { get; set; }
    public long? Keep_Awake_Until { get; set; }
    public long? Last_Visit { get; set; }
    public long Created_At { get; set; }
    public string State { get; set; } = "";
    public string Reason_Code { get; set; } = "";
    public string? Reason_Detail { get; set; }
    public long State_Since { get; set; }
    public long Observed_Generation { get; set; }
    public string? Runtime_Uid { get; set; }
    public string? Address { get; set; }
    public long? Ready_At { get; set; }
    public long Row_Version { get; set; }
    public string? Trace_Parent { get; set; }
    public string? Access { get; set; }
    public string? Pool { get; set; }
    public string? Outlook { get; set; }
    public string? Pool_Why { get; set; }
    public long Pool_Units { get; set; }
    public long Milli_Gpus { get; set; }
    public long? Asked_At { get; set; }
    public string? Asked_Pool { get; set; }
    public long Pre_Wake { get; set; }

    public Engine ToEngine() => new()
    {
        Id = new(Id),
        Owner = new UserId(Owner_Id),
        Group = new GroupId(Group_Id),
        Template = Template,
        TemplateVersion = Template_Version,
        Host = Host,
        Desired = Enum.Parse<Desired>(Desired),
        DesiredReason = new(Desired_Code, Desired_Detail),
        Generation = Generation,
        RestartGeneration = Restart_Generation,
        KeepDisk = Keep_Disk != 0,
        KeepAwakeUntil = Keep_Awake_Until.ToTime(),
        LastVisit = Last_Visit.ToTime(),
        CreatedAt = Created_At.ToTime(),
        State = Enum.Parse<EngineState>(State),
        Reason = new(Reason_Code, Reason_Detail),
        StateSince = State_Since.ToTime(),
        ObservedGeneration = Observed_Generation,
        RuntimeUid = Runtime_Uid,
        Address = Address is null ? null : new Uri(Address),
        ReadyAt = Ready_At.ToTime(),
        RowVersion = Row_Version,
        TraceParent = Trace_Parent,
        Access = GrantColumn.Read(Access),
        Pool = Pool,
        Outlook = OutlookColumn.Read(Outlook),
        PoolWhy = Pool_Why,
        PoolUnits = Pool_Units,
        MilliGpus = Milli_Gpus,
        AskedAt = Asked_At.ToTime(),
        AskedPool = Asked_Pool,
        PreWake = Pre_Wake != 0,
    };
}

/// <summary>Times are kept as epoch milliseconds.</summary>
internal static class EpochMilliseconds
{
    public static DateTimeOffset ToTime(this long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

    public static DateTimeOffset? ToTime(this long? milliseconds) =>
        milliseconds is { } value ? DateTimeOffset.FromUnixTimeMilliseconds(value) : null;

    public static long? ToMilliseconds(this DateTimeOffset? time) => time?.ToUnixTimeMilliseconds();
}
