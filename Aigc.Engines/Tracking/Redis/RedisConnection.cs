using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Aigc.Engines.Tracking.Redis;

/// <summary>
/// This process's one connection. Every command has a time limit, and fails at once while Redis is away: whoever asks can go on without.
/// </summary>
internal sealed partial class RedisConnection(
    RedisSettings settings, RedisChannel channel, RedisTimes times, TimeProvider time, TrackerStatus status, ILogger logger) : IDisposable
{
    /// <summary>What waits for a Redis that does not answer stays bounded.</summary>
    private const int MostUnderWay = 2_000;

    private readonly Lock _linking = new();
    private Task<ConnectionMultiplexer>? _link;
    private long _linkedAt;
    private long _failingSince;
    private int _underWay;
    private int _gaps;
    private bool _disposed;

    /// <summary>Grows whenever the data may have been lost.</summary>
    public int Gaps => Volatile.Read(ref _gaps);

    /// <summary>Wakes the watchers of this process.</summary>
    public ChangeSignals Signals { get; } = new();

    /// <exception cref="TrackerAwayException" />
    public async Task<T> RunAsync<T>(Func<IDatabase, Task<T>> command, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Task<T>? answer = null;
        try
        {
            if (Interlocked.Increment(ref _underWay) > MostUnderWay)
                throw new TimeoutException($"{MostUnderWay} commands wait for an answer already.");
            var link = await Link().WaitAsync(times.Limit, time, cancellationToken);
            answer = command(link.GetDatabase());
            var result = await answer.WaitAsync(times.Limit, time, cancellationToken);
            Answered();
            return result;
        }
        catch (RedisServerException exception)
        {
            // It answers, if only with a refusal.
            Volatile.Write(ref _failingSince, 0);
            throw Away(Explain(exception.Message), exception);
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException or ObjectDisposedException or AggregateException)
        {
            Interlocked.CompareExchange(ref _failingSince, time.GetTimestamp(), 0);
            if (exception is TimeoutException)
                throw Away($"does not answer within {times.Limit.TotalSeconds:0.#} s", exception);
            Exception cause = exception;
            AskRelay(ref cause);
            throw Away(cause is UnauthorizedAccessException ? Explain(cause.Message) : "can't be reached", cause);
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
            // Nobody waits for it any more; its failure is told already.
            _ = answer?.ContinueWith(
                late => _ = late.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        }
    }

    public void Dispose()
    {
        Task<ConnectionMultiplexer>? link;
        lock (_linking)
            (link, _disposed) = (_link, true);
        // The relay last: a link that loses it would be reported as lost.
        _ = Abandon(link).ContinueWith(_ => EndRelay(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    /// <summary>Only where the client knows no users by itself, as with the next two.</summary>
    partial void GoThroughRelay(ref ConfigurationOptions options);

    /// <summary>The client knows only that its connection ended; who speaks to the server knows why.</summary>
    partial void AskRelay(ref Exception cause);

    partial void EndRelay();

    private Task<ConnectionMultiplexer> Link()
    {
        lock (_linking)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            var failing = Volatile.Read(ref _failingSince);
            var silent = failing != 0 && time.GetElapsedTime(failing) >= times.Replace && time.GetElapsedTime(_linkedAt) >= times.Replace;
            if (_link is null || (silent && _link.IsCompleted) || (_link.IsFaulted && time.GetElapsedTime(_linkedAt) >= times.Retry))
            {
                if (_link is not null)
                    MayHaveLost(ConnectionType.Interactive);
                _ = Abandon(_link);
                _linkedAt = time.GetTimestamp();
                _link = Task.Run(ConnectAsync);
            }

            return _link;
        }
    }

    private async Task<ConnectionMultiplexer> ConnectAsync()
    {
        var options = settings.Options;
        GoThroughRelay(ref options);
        var link = await ConnectionMultiplexer.ConnectAsync(options.Clone());
        link.ConnectionFailed += (_, lost) =>
        {
            Log.Lost(logger, settings.Where, $"{lost.ConnectionType}", $"{lost.FailureType}");
            MayHaveLost(lost.ConnectionType);
        };
        link.ConnectionRestored += (_, found) =>
        {
            Log.Restored(logger, settings.Where, $"{found.ConnectionType}");
            Signals.Signal();
        };
        await link.GetSubscriber().SubscribeAsync(channel, (_, _) => Signals.Signal());
        return link;
    }

    /// <summary>The connection for messages loses nothing: after a look everything is known again.</summary>
    private void MayHaveLost(ConnectionType connection)
    {
        if (connection == ConnectionType.Interactive)
            Interlocked.Increment(ref _gaps);
        Signals.Signal();
    }

    private static Task Abandon(Task<ConnectionMultiplexer>? link) => link?.ContinueWith(
        old => old.Result.Dispose(), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default) ?? Task.CompletedTask;

    private void Answered()
    {
        Volatile.Write(ref _failingSince, 0);
        if (status.Trouble is not null)
            status.Trouble = null;
    }

    private TrackerAwayException Away(string what, Exception exception)
    {
        var sentence = $"The session tracker, Redis at {settings.Where}, {what}.";
        status.Trouble = sentence;
        return new(sentence, exception);
    }

    /// <summary>Redis's own words, and what to do about them.</summary>
    private static string Explain(string error) => error switch
    {
        _ when Has(error, "OOM ") => "is full: give it a larger maxmemory, or find out what fills it",
        _ when Has(error, "WRONGTYPE") =>
            "holds something of another program under our names: give one of them another 'prefix' (ConnectionStrings:tracker)",
        _ when Has(error, "NOAUTH") || Has(error, "WRONGPASS") || Has(error, "invalid password") =>
            "refuses us: 'user' or 'password' in ConnectionStrings:tracker is missing or wrong",
        _ when Has(error, "NOPERM") => $"forbids its user what the tracker needs ({error}): docs/tracker.md has the list",
        _ when Has(error, "READONLY") => "is a replica: ConnectionStrings:tracker must name the primary",
        _ when Has(error, "LOADING") => "is still loading its data",
        _ => $"refuses: {error}",
    };

    private static bool Has(string error, string word) => error.Contains(word, StringComparison.Ordinal);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The {Kind} connection to Redis at {Where} is lost ({Failure}); going on without until it is back")]
        public static partial void Lost(ILogger logger, string where, string kind, string failure);

        [LoggerMessage(2, LogLevel.Information, "The {Kind} connection to Redis at {Where} is back")]
        public static partial void Restored(ILogger logger, string where, string kind);
    }
}
