using System.Threading.Channels;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.Tracking;
using Aigc.Proxy.Routes;

namespace Aigc.Proxy.Leases;

/// <summary>Tells the tracker in batches what holds the engines awake. A report that failed is made again with the next.</summary>
public sealed partial class LeaseReporter(ISessionTracker tracker, RouteTable routes, TimeProvider time, ILogger<LeaseReporter> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Open leases are repeated well within <see cref="ISessionTracker.LeaseLifetime"/>.</summary>
    private static readonly TimeSpan Repeat = ISessionTracker.LeaseLifetime / 3;

    private readonly string _proxy = Guid.NewGuid().ToString("N");
    private readonly Dictionary<EngineId, Told> _told = [];
    private readonly Channel<bool> _due = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Reports now instead of at the next interval: somebody is about to decide on it.</summary>
    public void FlushSoon() => _due.Writer.TryWrite(true);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var timer = time.CreateTimer(_ => FlushSoon(), null, Interval, Interval);
        await foreach (var _ in _due.Reader.ReadAllAsync(stoppingToken))
            await FlushAsync(stoppingToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await FlushAsync(cancellationToken);
    }

    private async Task FlushAsync(CancellationToken cancellationToken)
    {
        var due = Due();
        if (due.Count == 0)
            return;
        var now = time.GetUtcNow();
        var reports = due.Select(told => new LeaseReport(told.Engine, told.Open, Quiet(told.LastActivity, now))).ToList();
        try
        {
            await tracker.ReportLeasesAsync(_proxy, reports, cancellationToken);
            foreach (var told in due)
                _told[told.Engine] = told;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            Log.ReportFailed(logger, e, reports.Count);
        }
    }

    private List<Told> Due()
    {
        var due = new List<Told>();
        var now = time.GetTimestamp();
        foreach (var engine in routes.Engines)
        {
            var word = new Told(engine.Id, engine.Lease.Open, engine.Lease.LastActivity, now);
            var told = _told.GetValueOrDefault(engine.Id, new(engine.Id, 0, null, now));
            if (word with { At = told.At } != told || (word.Open > 0 && time.GetElapsedTime(told.At, now) >= Repeat))
                due.Add(word);
        }
        return due;
    }

    // A clock that was set back is no activity in the future.
    private static TimeSpan? Quiet(DateTimeOffset? lastActivity, DateTimeOffset now) =>
        lastActivity is null ? null : lastActivity > now ? TimeSpan.Zero : now - lastActivity;

    private readonly record struct Told(EngineId Engine, int Open, DateTimeOffset? LastActivity, long At);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Reporting the leases of {Count} engines failed, again with the next report")]
        public static partial void ReportFailed(ILogger logger, Exception exception, int count);
    }
}
