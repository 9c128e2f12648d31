namespace Aigc.Engines.Storage;

/// <summary>As many engines as one person may keep awake may be awake.</summary>
/// <param name="PerPerson">0: any number. A quota for everyone or for the person takes its place.</param>
/// <param name="Months">Where the months of quotas begin; null: in UTC.</param>
public sealed record AwakeLimit(int PerPerson, TimeZoneInfo? Months = null)
{
    internal TimeZoneInfo Zone => Months ?? TimeZoneInfo.Utc;
}

/// <summary>A wake was refused before it changed anything: its owner keeps enough engines awake already.</summary>
/// <param name="awake">The hosts of those.</param>
public sealed class TooManyAwakeException(int limit, IReadOnlyList<string> awake)
    : Exception($"{awake.Count} engines of one person are awake; {limit} may be.")
{
    public int Limit => limit;

    public IReadOnlyList<string> Awake => awake;
}
