namespace Aigc.Worker.Clocks;

/// <summary>
/// The machine's clock, without its jumps. It goes on with the monotonic clock; when the machine's clock is set, or the machine
/// was suspended, it follows by at most a tenth of real time. So no deadline passes and no engine seems idle because of it.
/// </summary>
public sealed partial class SteadyTime : TimeProvider
{
    /// <summary>Of real time: how much faster or slower than real time it may go while it follows the machine's clock.</summary>
    public const int SlewDivisor = 10;

    /// <summary>What is told in the log. Smaller corrections are what time servers do all day.</summary>
    private static readonly TimeSpan Told = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _machine;
    private readonly ILogger _logger;
    private readonly Lock _lock = new();
    private DateTimeOffset _now;
    private long _timestamp;
    private TimeSpan _behind;

    public SteadyTime(TimeProvider machine, ILogger<SteadyTime> logger)
    {
        (_machine, _logger) = (machine, logger);
        (_now, _timestamp) = (machine.GetUtcNow(), machine.GetTimestamp());
    }

    public override long TimestampFrequency => _machine.TimestampFrequency;

    public override TimeZoneInfo LocalTimeZone => _machine.LocalTimeZone;

    public override long GetTimestamp() => _machine.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        _machine.CreateTimer(callback, state, dueTime, period);

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
        {
            var timestamp = _machine.GetTimestamp();
            var elapsed = _machine.GetElapsedTime(_timestamp, timestamp);
            var behind = _machine.GetUtcNow() - (_now + elapsed);
            var stepped = behind - _behind;
            if (stepped.Duration() >= Told)
                Log.Stepped(_logger, stepped);
            var most = elapsed / SlewDivisor;
            var correction = behind > most ? most : behind < -most ? -most : behind;
            (_now, _timestamp, _behind) = (_now + elapsed + correction, timestamp, behind - correction);
            return _now;
        }
    }

    /// <summary>The machine's own clock: what file times and other services' times are made by. For ages, never for deadlines.</summary>
    public static DateTimeOffset Machine(TimeProvider time) => time is SteadyTime steady ? steady._machine.GetUtcNow() : time.GetUtcNow();

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The machine's clock was set by {Step}; deadlines and idle clocks follow slowly")]
        public static partial void Stepped(ILogger logger, TimeSpan step);
    }
}
