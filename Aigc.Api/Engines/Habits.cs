using Aigc.Engines.Ahead;
using Aigc.Engines.Gateway;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.Metering;
using Aigc.Engines.Storage;
using Microsoft.Extensions.Options;

namespace Aigc.Api.Engines;

/// <summary>When an engine will be woken ahead of its owner. For the owner alone: it tells when they work.</summary>
public sealed class Habits(HabitStore store, IOptions<StudioOptions> studio, TimeProvider time)
{
    private const int DaysAhead = 7;

    /// <summary>Whether any engine is woken ahead here.</summary>
    public bool IsOn => studio.Value.PreWakeGpuHours > 0;

    public TimeZoneInfo Zone => studio.Value.Zone;

    /// <summary>In the next seven days, as far as is known.</summary>
    public async Task<IReadOnlyList<DateTimeOffset>> NextAsync(Engine engine, CancellationToken cancellationToken)
    {
        var (now, zone) = (time.GetUtcNow(), Zone);
        var comings = Habit.Comings(await store.ListAsync(engine.Id, now - Habit.Memory, cancellationToken)).ToList();
        var today = Days.Of(now, zone);
        return
        [
            .. from day in Days.Between(today, today.AddDays(DaysAhead + 1))
               from at in Habit.On(day, comings, zone)
               where at > now && at < now.AddDays(DaysAhead)
               select TimeZoneInfo.ConvertTime(at, zone),
        ];
    }
}
