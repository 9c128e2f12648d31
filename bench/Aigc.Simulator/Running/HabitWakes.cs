using Aigc.Engines.Ahead;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.Metering;
using Aigc.Simulator.Traces;

namespace Aigc.Simulator.Running;

/// <summary>Wakes engines before their owners come, as the worker does: by the product's habits, where a card is free and nobody waits for one.</summary>
internal sealed class HabitWakes(Agenda agenda, Room room, IReadOnlyList<Seat> seats, Trace trace, Action<Seat> wake)
{
    /// <summary>Before them nobody has come often enough.</summary>
    public const int LearningDays = 7 * Habit.Most;

    public static DateTimeOffset Learned(Trace trace) => trace.Begin.AddDays(LearningDays);

    /// <summary>Once a day: a day's comings count from the next on.</summary>
    public void Plan()
    {
        var (today, since) = (Days.Of(agenda.Now, trace.Zone), agenda.Now - Habit.Memory);
        agenda.At(Days.BeginOf(today.AddDays(1), trace.Zone), Plan);
        foreach (var seat in seats)
        {
            foreach (var at in Habit.On(today, Habit.Comings(seat.Sessions.Where(session => session.StartedAt >= since)), trace.Zone))
                agenda.At(at, () => WakeAhead(seat));
        }
    }

    private void WakeAhead(Seat seat)
    {
        // The trace ends, nobody's habit.
        if (agenda.Now > trace.LastUse)
            return;
        if (seat.Engine is { State: EngineState.Asleep, Desired: Desired.Asleep } && agenda.Now - seat.Engine.StateSince >= Habit.Absence
            && !room.IsScarce && room.For(seat.Artist.Kind.Eighths) is not null)
            wake(seat);
    }
}
