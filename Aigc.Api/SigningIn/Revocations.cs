using Aigc.Engines.People;
using Aigc.Engines.Tracking;

namespace Aigc.Api.SigningIn;

/// <summary>
/// Tells of ended sign-ins and tokens, wherever the tracker is watched. The database has forgotten them already; what can't be
/// told now is told once the tracker is back, before its old word may be believed for long.
/// </summary>
public sealed partial class Revocations(ISessionTracker tracker, TimeProvider time, ILogger<Revocations> logger)
{
    /// <summary>A proxy asks the database again within a minute while the tracker is away, so the oldest matter least.</summary>
    private const int MostKept = 10_000;

    /// <summary>A tracker that starts anew may bring back what it had saved so long ago.</summary>
    private static readonly TimeSpan Remembered = TimeSpan.FromHours(1);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Lock _keeping = new();
    private readonly LinkedList<Revoked> _kept = [];

    /// <summary>Some could not be told yet.</summary>
    public bool Pending
    {
        get
        {
            lock (_keeping)
                return _kept.Any(revoked => !revoked.Told);
        }
    }

    /// <returns>False when it could not be told yet.</returns>
    public async Task<bool> TellAsync(SignInKey key, CancellationToken cancellationToken)
    {
        var revoked = new Revoked(key, time.GetUtcNow());
        lock (_keeping)
        {
            _kept.AddLast(revoked);
            while (_kept.Count > MostKept || _kept.First!.Value.At < time.GetUtcNow() - Remembered)
                _kept.RemoveFirst();
        }

        return await TryTellAsync(revoked, cancellationToken);
    }

    /// <param name="all">The tracker may have forgotten what it was told.</param>
    public async Task TellAgainAsync(bool all, CancellationToken cancellationToken)
    {
        List<Revoked> again;
        lock (_keeping)
        {
            if (all)
                foreach (var revoked in _kept)
                    revoked.Told = false;
            again = [.. _kept.Where(revoked => !revoked.Told)];
        }

        foreach (var revoked in again)
            if (!await TryTellAsync(revoked, cancellationToken))
                return;
        if (again.Count > 0)
            Log.Told(logger, again.Count);
    }

    private async Task<bool> TryTellAsync(Revoked revoked, CancellationToken cancellationToken)
    {
        try
        {
            await tracker.RevokeSignInAsync(revoked.Key, cancellationToken).WaitAsync(Patience, time, cancellationToken);
            return revoked.Told = true;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            Log.NotTold(logger, exception);
            return false;
        }
    }

    private sealed class Revoked(SignInKey key, DateTimeOffset at)
    {
        public SignInKey Key => key;

        public DateTimeOffset At => at;

        public bool Told { get; set; }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The end of a sign-in could not be told to the proxies; again once the tracker is back. Until then they ask the database within half a minute")]
        public static partial void NotTold(ILogger logger, Exception exception);

        [LoggerMessage(2, LogLevel.Information, "The tracker was told of {Count} ended sign-ins")]
        public static partial void Told(ILogger logger, int count);
    }
}
