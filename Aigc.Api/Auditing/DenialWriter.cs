using Aigc.Engines.Auditing;

namespace Aigc.Api.Auditing;

/// <summary>Writes refusals to the audit log: this API's own, and those that proxies report.</summary>
public sealed partial class DenialWriter(Denials denials, AuditLog log, ILogger<DenialWriter> logger) : BackgroundService
{
    public Task WriteAsync(IReadOnlyList<Denial> batch, CancellationToken cancellationToken) =>
        log.AppendAllAsync([.. batch.Select(one => new AuditEntry(AuditActions.Access, AuditOutcome.Refused, one.Actor, one.Target, one.Detail))], cancellationToken);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => denials.RunAsync(TryWriteAsync, stoppingToken);

    private async Task<bool> TryWriteAsync(IReadOnlyList<Denial> batch, CancellationToken cancellationToken)
    {
        try
        {
            await WriteAsync(batch, cancellationToken);
            return true;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            Log.NotWritten(logger, exception, batch.Count, denials.Dropped);
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "{Count} refusals could not be written to the audit log yet; {Dropped} were dropped since the start")]
        public static partial void NotWritten(ILogger logger, Exception exception, int count, long dropped);
    }
}
