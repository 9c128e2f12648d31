using Aigc.Engines.Leading;

namespace Aigc.Worker.Leading;

/// <summary>Waits for this worker's turn to lead: until the lease is free, its holder has ended, or its beat has stayed away.</summary>
public sealed partial class Standby(BoundedLease lease, WorkerStatus status, TimeProvider time, ILogger<Standby> logger)
{
    public static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    /// <summary>Three beats.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    private long _atLeast;
    private bool _away;

    /// <summary>Whether the database has been away since the last term began.</summary>
    public bool SawOutage { get; private set; }

    /// <summary>The next term shall be newer than this. A database restored from a backup counts terms that others have seen already.</summary>
    public void GoPast(long term) => _atLeast = Math.Max(_atLeast, term);

    public void NoteOutage() => SawOutage = true;

    /// <returns>The term, and when it was asked for by the monotonic clock.</returns>
    public async Task<(Term Term, long Since)> WaitAsync(TimeSpan interval, CancellationToken cancellationToken)
    {
        LeaderLease.Held? seen = null;
        var silence = TimeSpan.Zero;
        var looked = time.GetTimestamp();
        while (true)
        {
            var now = time.GetTimestamp();
            try
            {
                var held = await lease.ReadAsync(Timeout, cancellationToken);
                // A pause of this process, or of the whole machine, is not the silence of another.
                var since = TimeSpan.FromTicks(Math.Min(time.GetElapsedTime(looked, now).Ticks, 2 * LookInterval.Ticks));
                silence = held == seen ? silence + since : TimeSpan.Zero;
                seen = held;
                if (_away)
                    Log.Back(logger);
                _away = false;

                if (held is null || silence >= Silence || IsOver(held))
                {
                    if (await lease.TakeAsync(held, _atLeast, Timeout, cancellationToken) is { } term)
                        return (term, now);
                }
                else
                {
                    if (!status.StandingBy)
                        Log.StandingBy(logger, held.Holder, held.Term);
                    status.StandBy();
                }
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
            {
                // An outage adds nothing to the leader's silence, for it can't beat either; it takes nothing away from what was seen before.
                SawOutage = true;
                now = time.GetTimestamp();
                if (!_away)
                    Log.Away(logger, exception);
                _away = true;
            }

            looked = now;
            await Task.Delay(interval, time, cancellationToken);
        }
    }

    /// <summary>Each term knows the outage before it, and only that.</summary>
    public void ForgetOutage() => SawOutage = false;

    private bool IsOver(LeaderLease.Held held)
    {
        // Our own name, while we do not lead: a term that ended without its release.
        if (held.Holder == Holder.Self.ToString())
            return true;
        if (Holder.Parse(held.Holder)?.IsGone() != true)
            return false;
        Log.HolderGone(logger, held.Holder, held.Term);
        return true;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Standing by: {Holder} leads in term {Term}")]
        public static partial void StandingBy(ILogger logger, string holder, long term);

        [LoggerMessage(2, LogLevel.Warning, "The leader {Holder} of term {Term} has ended; taking its place")]
        public static partial void HolderGone(ILogger logger, string holder, long term);

        [LoggerMessage(3, LogLevel.Error, "The database can't be asked who leads; trying again each second. Engines go on as they are")]
        public static partial void Away(ILogger logger, Exception exception);

        [LoggerMessage(4, LogLevel.Information, "The database answers again")]
        public static partial void Back(ILogger logger);
    }
}
