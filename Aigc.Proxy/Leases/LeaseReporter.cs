using System.Threading.Channels;
using Aigc.Engines.Tracking;
using Aigc.Proxy.Routes;

namespace Aigc.Proxy.Leases;

/// <summary>
/// Tells the tracker in batches what holds the engines awake: at once that somebody began to use one, or what an engine about to
/// sleep still holds; everything else each five seconds. A report that failed is made again with the next.
/// </summary>
public sealed partial class LeaseReporter(ISessionTracker tracker, RouteTable routes, TimeProvider time, ILogger<LeaseReporter> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>An engine that is in use costs one report in this time. Open leases are so repeated well within <see cref="ISessionTracker.LeaseLifetime"/>.</summary>
    private static readonly TimeSpan Repeat = ISessionTracker.LeaseLifetime / 3;

    private readonly string _proxy = Guid.NewGuid().ToString("N");
    private readonly Channel<bool> _due = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private int _lost;

    /// <summary>Reports now instead of at the next interval: somebody is about to decide on it.</summary>
    public void FlushSoon() => _due.Writer.TryWrite(true);

    /// <summary>Tells everything again: the tracker may have lost it.</summary>
    public void TellAgain()
    {
        Interlocked.Increment(ref _lost);
        FlushSoon();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var timer = time.CreateTimer(_ => FlushSoon(), null, Interval, Interval);
        await foreach (var _ in _due.Reader.ReadAllAsync(stoppingToken))
            await FlushAsync(last: false, stoppingToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            await FlushAsync(last: true, cancellationToken);
        }
        catch (OperationCanceledException e)
        {
            // The tracker hangs, and nobody waits for that; these leases vanish by themselves.
            Log.LastReportFailed(logger, e);
        }
    }

    private async Task FlushAsync(bool last, CancellationToken cancellationToken)
    {
        var due = Due(last);
        if (due.Count == 0)
            return;
        var now = time.GetUtcNow();
        var reports = due.Select(told => new LeaseReport(told.Engine.Id, told.Word.Open, Quiet(told.Word.LastActivity, now))).ToList();
        try
        {
            await tracker.ReportLeasesAsync(_proxy, reports, cancellationToken);
            foreach (var (engine, word) in due)
                engine.Lease.Told = word;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            Log.ReportFailed(logger, e, reports.Count);
        }
    }

    private List<(LiveEngine Engine, Told Word)> Due(bool last)
    {
        var due = new List<(LiveEngine, Told)>();
        var (now, lost) = (time.GetTimestamp(), Volatile.Read(ref _lost));
        foreach (var engine in routes.Engines)
        {
            var word = new Told(engine.Lease.Open, engine.Lease.LastActivity, lost, now);
            var told = engine.Lease.Told;
            if (word.Open == 0 && (word.LastActivity is null || (told is not null && word with { At = told.At } == told)))
                continue;
            // Nothing changed, perhaps: while it is open it is repeated, and for who decides on a draining engine it is confirmed.
            if (last || told is null || told.Lost != lost || engine.Route.Draining
                || (word.Open > 0 && told.Open == 0) || time.GetElapsedTime(told.At, now) >= Repeat)
            {
                due.Add((engine, word));
            }
        }
        return due;
    }

    // A clock that was set back is no activity in the future.
    private static TimeSpan? Quiet(DateTimeOffset? lastActivity, DateTimeOffset now) =>
        lastActivity is null ? null : lastActivity > now ? TimeSpan.Zero : now - lastActivity;

    /// <param name="Lost">How often the tracker had lost what it knew by then.</param>
    internal sealed record Told(int Open, DateTimeOffset? LastActivity, int Lost, long At);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Reporting the leases of {Count} engines failed, again with the next report")]
        public static partial void ReportFailed(ILogger logger, Exception exception, int count);

        [LoggerMessage(2, LogLevel.Warning, "The last leases could not be reported in time")]
        public static partial void LastReportFailed(ILogger logger, Exception exception);
    }
}
