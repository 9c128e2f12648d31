using Aigc.Engines.Leading;
using Aigc.Engines.Storage;
using Aigc.ServiceDefaults.Lifetime;
using Aigc.Worker.Reconciling;
using Aigc.Worker.Sleeping;

namespace Aigc.Worker.Leading;

/// <summary>
/// Of several workers one leads, in terms; the others stand by. A term ends when its worker is asked to stop, can't show that it
/// lives, or hears of a newer term; with it ends everything in its scope.
/// </summary>
public sealed partial class Leader(
    Database database,
    BoundedLease lease,
    Standby standby,
    Heartbeat heartbeat,
    IServiceScopeFactory scopes,
    HostLifetimeWatch host,
    WorkerStatus status,
    WorkerMetrics metrics,
    TimeProvider time,
    ILogger<Leader> logger) : BackgroundService
{
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ReleaseTimeout = TimeSpan.FromSeconds(2);

    /// <summary>When the whole product ends: how long a standby tries to take over from a leader that may have been killed just before.</summary>
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan EndLookInterval = TimeSpan.FromMilliseconds(100);

    private bool _migrated;
    private bool _swept;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await MigrateAsync(stoppingToken);
            _migrated = true;
            while (true)
            {
                var (term, since) = await standby.WaitAsync(Standby.LookInterval, stoppingToken);
                await LeadAsync(term, since, stoppingToken);
                stoppingToken.ThrowIfCancellationRequested();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            if (host.HostEnded && _migrated && !_swept)
                await SweepInLeadersPlaceAsync();
        }
    }

    private async Task LeadAsync(Term term, long since, CancellationToken stoppingToken)
    {
        Log.Leading(logger, term);
        status.Lead(term);
        metrics.Leads(term);
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<TermScope>().Begin(term, standby.SawOutage);
        standby.ForgetOutage();
        using var beating = new CancellationTokenSource();
        using var leading = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        var beat = BeatAsync(term, since, leading, beating.Token);
        try
        {
            await TermWork.RunAsync(scope.ServiceProvider, leading.Token);
        }
        catch (OperationCanceledException) when (leading.IsCancellationRequested)
        {
        }
        catch (NotLeadingException exception)
        {
            await YieldAsync(exception, term);
        }
        catch (Exception exception)
        {
            Log.Broke(logger, exception, term);
        }

        metrics.LeadsNoMore();
        if (stoppingToken.IsCancellationRequested && !beat.IsCompleted)
        {
            if (host.HostEnded)
                await SweepAsync(scope.ServiceProvider, CancellationToken.None);
            await EndBeatAsync();
            await ReleaseAsync(term);
        }
        else
        {
            await EndBeatAsync();
            status.StandBy();
        }

        async Task EndBeatAsync()
        {
            await beating.CancelAsync();
            await beat.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task BeatAsync(Term term, long since, CancellationTokenSource leading, CancellationToken cancellationToken)
    {
        var another = await heartbeat.RunAsync(term, since, cancellationToken);
        if (another)
        {
            Log.Replaced(logger, term);
        }
        else
        {
            standby.NoteOutage();
            Log.NoProofOfLife(logger, term);
        }

        // What is on its way may be stuck until the database gives up; it does not lead any more.
        status.StandBy();
        await leading.CancelAsync();
    }

    /// <summary>A write was refused. Either another leads, or what refused it has seen terms that this database has forgotten.</summary>
    private async Task YieldAsync(NotLeadingException exception, Term term)
    {
        Log.Refused(logger, exception, term);
        try
        {
            var held = await lease.ReadAsync(ReleaseTimeout, CancellationToken.None);
            if (held is not null && held.Term == term.Number && held.Holder == Holder.Self.ToString())
            {
                Log.TermsForgotten(logger, term);
                standby.GoPast(exception.Newest ?? term.Number * 2);
            }
        }
        catch (Exception e) when (e is TimeoutException or System.Data.Common.DbException)
        {
            standby.NoteOutage();
        }
    }

    private async Task SweepInLeadersPlaceAsync()
    {
        using var patience = new CancellationTokenSource(EndPatience, time);
        try
        {
            var (term, _) = await standby.WaitAsync(EndLookInterval, patience.Token);
            await using var scope = scopes.CreateAsyncScope();
            scope.ServiceProvider.GetRequiredService<TermScope>().Begin(term, afterOutage: false);
            await SweepAsync(scope.ServiceProvider, CancellationToken.None);
            await ReleaseAsync(term);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            Log.NotSwept(logger);
        }
    }

    private async Task SweepAsync(IServiceProvider term, CancellationToken cancellationToken)
    {
        _swept = true;
        try
        {
            await term.GetRequiredService<HostEndSweep>().RunAsync(cancellationToken);
        }
        catch (Exception exception)
        {
            Log.SweepFailed(logger, exception);
        }
    }

    private async Task ReleaseAsync(Term term)
    {
        try
        {
            await lease.ReleaseAsync(term, ReleaseTimeout, CancellationToken.None);
        }
        catch (Exception exception)
        {
            Log.NotReleased(logger, exception, term);
        }
    }

    private async Task MigrateAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await database.MigrateAsync(cancellationToken);
                return;
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
            {
                Log.NotMigrated(logger, exception);
                await Task.Delay(Retry, time, cancellationToken);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Leading in term {Term}")]
        public static partial void Leading(ILogger logger, Term term);

        [LoggerMessage(2, LogLevel.Warning, "Another worker has taken the lease of term {Term}; standing by")]
        public static partial void Replaced(ILogger logger, Term term);

        [LoggerMessage(3, LogLevel.Error, "The database took no beat of term {Term} for too long; leading no more. Engines go on as they are")]
        public static partial void NoProofOfLife(ILogger logger, Term term);

        [LoggerMessage(4, LogLevel.Warning, "A write of term {Term} was refused; standing by")]
        public static partial void Refused(ILogger logger, Exception exception, Term term);

        [LoggerMessage(5, LogLevel.Warning, "The database counts terms that were already over, as after a restored backup; going on past term {Term}")]
        public static partial void TermsForgotten(ILogger logger, Term term);

        [LoggerMessage(6, LogLevel.Warning, "The lease could not be taken before the end; the leader ends the engines, or the next start does")]
        public static partial void NotSwept(ILogger logger);

        [LoggerMessage(7, LogLevel.Error, "The engines could not all be ended; the next worker takes care of them")]
        public static partial void SweepFailed(ILogger logger, Exception exception);

        [LoggerMessage(8, LogLevel.Warning, "The lease of term {Term} was not given back; another takes it as soon as the beat has stayed away")]
        public static partial void NotReleased(ILogger logger, Exception exception, Term term);

        [LoggerMessage(10, LogLevel.Error, "Term {Term} broke; a new one begins")]
        public static partial void Broke(ILogger logger, Exception exception, Term term);

        [LoggerMessage(9, LogLevel.Error, "The database can't be brought up to date; trying again")]
        public static partial void NotMigrated(ILogger logger, Exception exception);
    }
}
