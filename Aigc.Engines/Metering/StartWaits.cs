using Aigc.Engines.Lifecycle;

namespace Aigc.Engines.Metering;

/// <summary>A state that an engine came to, or what was asked for in it.</summary>
/// <param name="Why">One of <see cref="Reasons"/>.</param>
public sealed record StateChange(EngineId Engine, DateTimeOffset At, EngineState State, string Why);

/// <summary>How long starts took on one day: half of them at most the one, 19 of 20 at most the other.</summary>
public sealed record WaitDay(DateOnly Day, int Starts, TimeSpan Queued50, TimeSpan Queued95, TimeSpan Woken50, TimeSpan Woken95);

/// <summary>How long people wait: for their turn, and for their engine to be ready.</summary>
public static class StartWaits
{
    private sealed class Start
    {
        public DateTimeOffset? Queued { get; set; }

        public DateTimeOffset? Starting { get; set; }

        /// <summary>Nobody waits for it.</summary>
        public bool IsEarly { get; init; }
    }

    /// <param name="changes">Each engine's in their order.</param>
    /// <param name="zone">Where days begin.</param>
    public static async Task<IReadOnlyList<WaitDay>> ByDayAsync(IAsyncEnumerable<StateChange> changes, TimeZoneInfo zone)
    {
        var under = new Dictionary<EngineId, Start>();
        var days = new SortedDictionary<DateOnly, (List<TimeSpan> Queued, List<TimeSpan> Woken)>();
        await foreach (var (engine, at, state, why) in changes)
        {
            var start = under.TryGetValue(engine, out var known) ? known : under[engine] = new();
            switch (state)
            {
                case EngineState.Queued:
                    start.Queued ??= at;
                    break;
                case EngineState.Starting:
                    start.Starting ??= at;
                    break;
                case EngineState.Asleep when why == Reasons.Habit:
                    under[engine] = new() { IsEarly = true };
                    break;
                case EngineState.Ready when start is { Starting: { } starting, IsEarly: false }:
                    var day = Days.Of(at, zone);
                    if (!days.TryGetValue(day, out var waits))
                        days[day] = waits = ([], []);
                    waits.Queued.Add(starting - (start.Queued ?? starting));
                    waits.Woken.Add(at - starting);
                    under.Remove(engine);
                    break;
                default:
                    under.Remove(engine);
                    break;
            }
        }

        return
        [
            .. days.Select(day => new WaitDay(
                day.Key, day.Value.Woken.Count, Share(day.Value.Queued, 0.5), Share(day.Value.Queued, 0.95), Share(day.Value.Woken, 0.5), Share(day.Value.Woken, 0.95))),
        ];
    }

    /// <summary>The smallest that this share of them does not exceed.</summary>
    private static TimeSpan Share(List<TimeSpan> waits, double share)
    {
        waits.Sort();
        var wait = waits[Math.Max(0, (int)Math.Ceiling(share * waits.Count) - 1)];
        return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
    }
}
