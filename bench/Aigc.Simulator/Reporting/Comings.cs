using Aigc.Engines.Metering;

namespace Aigc.Simulator.Reporting;

/// <summary>How people were met who came after an hour or more away, and what was held for them until then.</summary>
/// <param name="since">Comings and early wakes before it are not counted.</param>
internal sealed class Comings(DateTimeOffset since)
{
    private readonly Spending _held = new();

    public int Count { get; private set; }

    /// <summary>Those who found their engine ready.</summary>
    public int Ready { get; private set; }

    /// <summary>Engines that were woken by habit.</summary>
    public int Early { get; private set; }

    /// <summary>Those of them to which nobody came.</summary>
    public int InVain { get; private set; }

    /// <summary>Of engines that were woken by habit, until somebody came, or they were gone.</summary>
    public double GpuHours => _held.GpuHours;
    public double Cost => _held.Cost;

    public void Came(DateTimeOffset at, bool isReady)
    {
        if (at < since)
            return;
        Count++;
        if (isReady)
            Ready++;
    }

    /// <param name="use">Of an engine that was woken by habit.</param>
    public void Held(ComputeUse use, DateTimeOffset? cameAt)
    {
        // Who comes while it stops has it started once more: that is no longer ahead of anybody.
        if (use.StartedAt < since || cameAt <= use.StartedAt)
            return;
        Early++;
        if (cameAt is null)
            InVain++;
        _held.Add(use with { EndedAt = cameAt ?? use.EndedAt });
    }
}
