namespace Aigc.KubeSim.Clocks;

/// <summary>Runs as the machine's clock does, and jumps ahead when a test says so: whoever waits for a time then has it.</summary>
public sealed class DrivenClock : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly HashSet<DrivenTimer> _timers = [];
    private TimeSpan _ahead;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + _ahead;

    public override long TimestampFrequency => System.TimestampFrequency;

    public override long GetTimestamp() => System.GetTimestamp() + (long)(_ahead.TotalSeconds * System.TimestampFrequency);

    public void Advance(TimeSpan by)
    {
        lock (_gate)
        {
            _ahead += by;
            foreach (var timer in _timers)
                timer.Skip(by);
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new DrivenTimer(this, callback, state);
        lock (_gate)
            _timers.Add(timer);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class DrivenTimer : ITimer
    {
        private readonly DrivenClock _clock;
        private readonly ITimer _timer;
        private TimeSpan _period;
        private DateTimeOffset? _due;

        public DrivenTimer(DrivenClock clock, TimerCallback callback, object? state)
        {
            _clock = clock;
            _timer = System.CreateTimer(
                _ =>
                {
                    lock (clock._gate)
                        _due = _period > TimeSpan.Zero ? System.GetUtcNow() + _period : null;
                    callback(state);
                },
                null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (_clock._gate)
            {
                _due = dueTime < TimeSpan.Zero ? null : System.GetUtcNow() + dueTime;
                _period = period;
                return _timer.Change(dueTime, period);
            }
        }

        public void Skip(TimeSpan by)
        {
            if (_due is not { } due)
                return;
            _due = due - by;
            var left = due - by - System.GetUtcNow();
            _timer.Change(left > TimeSpan.Zero ? left : TimeSpan.Zero, _period > TimeSpan.Zero ? _period : Timeout.InfiniteTimeSpan);
        }

        public void Dispose()
        {
            lock (_clock._gate)
                _clock._timers.Remove(this);
            _timer.Dispose();
        }

        public async ValueTask DisposeAsync()
        {
            lock (_clock._gate)
                _clock._timers.Remove(this);
            await _timer.DisposeAsync();
        }
    }
}
