namespace Aigc.Engines.Storage;

/// <summary>As many engines as one person may keep awake may be awake.</summary>
/// <param name="PerPerson">0: any number.</param>
public sealed record AwakeLimit(int PerPerson);

/// <summary>A wake was refused before it changed anything: its owner keeps enough engines awake already.</summary>
/// <param name="awake">The hosts of those.</param>
public sealed class TooManyAwakeException(int limit, IReadOnlyList<string> awake)
    : Exception($"{awake.Count} engines of one person are awake; {limit} may be.")
{
    public int Limit => limit;

    public IReadOnlyList<string> Awake => awake;
}
