using System.Net;
using Aigc.Engines.Auditing;
using Aigc.Engines.People;
using Aigc.Proxy.Answers;
using Aigc.Proxy.Gate;
using Route = Aigc.Engines.Tracking.Route;

namespace Aigc.Proxy.Denying;

/// <summary>Tells the API of people who were refused an engine, for the audit log.</summary>
public sealed partial class DenialReporter(Denials denials, GatewayApi api, ILogger<DenialReporter> logger) : BackgroundService
{
    public void Note(Route engine, SignIn signIn, IPAddress? address, Problem refusal) => denials.Note(
        new(signIn.User, signIn.UserName, address.Text()),
        new("engine", engine.Engine.Value, engine.Host, engine.Owner, engine.Group),
        refusal.Name);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => denials.RunAsync(TryReportAsync, stoppingToken);

    private async Task<bool> TryReportAsync(IReadOnlyList<Denial> batch, CancellationToken cancellationToken)
    {
        try
        {
            await api.ReportAsync(batch, cancellationToken);
            return true;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            Log.NotReported(logger, e, batch.Count, denials.Dropped);
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "{Count} refusals did not reach the audit log yet; {Dropped} were dropped since the start")]
        public static partial void NotReported(ILogger logger, Exception exception, int count, long dropped);
    }
}
