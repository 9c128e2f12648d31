using Aigc.Engines.People;
using Aigc.Engines.Storage;

namespace Aigc.Api.SigningIn.Renewing;

/// <summary>
/// Renews the provider's tokens before they end, for all sign-ins and whether or not they are in use: an open page or socket
/// asks nobody. Replicas share the work; each sign-in is in one hand at a time.
/// </summary>
public sealed partial class AccessKeeper(ProviderAccessStore accesses, AccessRenewal renewal, TimeProvider time, ILogger<AccessKeeper> logger) : BackgroundService
{
    private const int Hands = 8;
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Enumerable.Range(0, Hands).Select(_ => WorkAsync(stoppingToken)));

    private async Task WorkAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Look, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                while (await TakeAsync(stoppingToken) is var (access, claim))
                    await renewal.RenewAsync(access, claim, stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                Log.Failed(logger, exception);
            }
        }
    }

    private async Task<(ProviderAccess, string)?> TakeAsync(CancellationToken cancellationToken)
    {
        var claim = Secret.New();
        return await accesses.TakeDueAsync(claim, AccessRenewal.ClaimLasts, cancellationToken) is { } access ? (access, claim) : null;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The provider's access of sign-ins could not be renewed; again in a second")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
