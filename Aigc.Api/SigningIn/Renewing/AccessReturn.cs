using Aigc.Api.SigningIn.Checking;
using Aigc.Engines.People;
using Aigc.Engines.Storage;

namespace Aigc.Api.SigningIn.Renewing;

/// <summary>Gives back to the provider what it granted in the name of people who signed out everywhere, or were deleted.</summary>
public sealed partial class AccessReturn(
    ProviderAccessStore accesses, AccessSecrets secrets, TokenEndpoint tokenEndpoint, TimeProvider time, ILogger<AccessReturn> logger) : BackgroundService
{
    private const int AtOnce = 20;
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    /// <summary>Then providers have ended it by themselves, or nobody runs this one any more.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(7);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var pause = Look;
            try
            {
                foreach (var ended in await accesses.ListEndedAsync(AtOnce, stoppingToken))
                    await GiveBackAsync(ended, stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                Log.Later(logger, Pause, exception);
                pause = Pause;
            }

            await Task.Delay(pause, time, stoppingToken);
        }
    }

    private async Task GiveBackAsync(EndedAccess ended, CancellationToken cancellationToken)
    {
        if (time.GetUtcNow() - ended.EndedAt < Longest && secrets.Reveal(ended.RefreshToken) is { } refreshToken)
            await tokenEndpoint.RevokeAsync(refreshToken, cancellationToken);
        await accesses.ForgetEndedAsync(ended, cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "What the identity provider granted could not be given back; again in {Pause}")]
        public static partial void Later(ILogger logger, TimeSpan pause, Exception exception);
    }
}
