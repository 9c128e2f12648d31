using Aigc.Engines.Auditing;
using Microsoft.Extensions.Options;

namespace Aigc.Api.Auditing;

/// <summary>Once a day, by one of all replicas: entries older than the retention are removed, some at a time.</summary>
public sealed partial class AuditUpkeep(AuditLog log, IOptions<AuditOptions> options, TimeProvider time, ILogger<AuditUpkeep> logger) : BackgroundService
{
    private const int Batch = 1_000;
    private static readonly TimeSpan LookInterval = TimeSpan.FromMinutes(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(LookInterval, time);
        do
        {
            try
            {
                await PruneAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                Log.NotPruned(logger, exception);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task PruneAsync(CancellationToken cancellationToken)
    {
        if (!await log.BeginPruningAsync(time.GetUtcNow() - options.Value.Retention, cancellationToken))
            return;
        var removed = 0;
        while (await log.PruneAsync(Batch, cancellationToken) is > 0 and var some)
            removed += some;
        if (removed > 0)
            await log.AppendAsync(new(AuditActions.AuditPrune, AuditOutcome.Done, Actor.Gateway, Detail: $"{removed} entries"), cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Old entries of the audit log could not be removed; again within the day")]
        public static partial void NotPruned(ILogger logger, Exception exception);
    }
}
