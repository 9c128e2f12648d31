namespace Aigc.Simulator.Running;

/// <summary>A clock that jumps from event to event.</summary>
internal sealed class Agenda(DateTimeOffset begin)
{
    private readonly PriorityQueue<Action, (DateTimeOffset At, long Number)> _events = new();
    private long _number;

    public DateTimeOffset Now { get; private set; } = begin;

    /// <summary>What is over happens now; what is planned for the same moment happens in the order of planning.</summary>
    public void At(DateTimeOffset when, Action what) => _events.Enqueue(what, (Later(when, Now), _number++));

    /// <param name="passing">Told of the time between two events.</param>
    public void RunUntil(DateTimeOffset end, Action<TimeSpan> passing)
    {
        while (_events.TryDequeue(out var what, out var at) && at.At < end)
        {
            Pass(at.At, passing);
            what();
        }

        Pass(end, passing);
    }

    public static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    private void Pass(DateTimeOffset to, Action<TimeSpan> passing)
    {
        if (to > Now)
            passing(to - Now);
        Now = to;
    }
}
