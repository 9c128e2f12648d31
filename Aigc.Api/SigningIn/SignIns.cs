using System.Collections.Concurrent;
using Aigc.Engines.People;
using Aigc.Engines.Storage;
using Aigc.Engines.Tracking;

namespace Aigc.Api.SigningIn;

/// <summary>Browsers' sign-ins: the database is the truth, the session tracker shares them, memory spares both for some seconds.</summary>
public sealed partial class SignIns(SignInStore store, ISessionTracker tracker, Revocations revocations, TimeProvider time, ILogger<SignIns> logger)
{
    /// <summary>The tracker spares the database work; one that takes longer than this spares nobody anything.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    /// <summary>Revocation empties the memory at once; this bounds the harm of one that was missed.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromSeconds(5);
    private const int MostRemembered = 10_000;

    private readonly ConcurrentDictionary<SignInKey, (SignIn SignIn, DateTimeOffset Until)> _remembered = new();

    public async Task<SignIn?> FindAsync(SignInKey key, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (_remembered.TryGetValue(key, out var remembered) && remembered.Until > now && remembered.SignIn.ExpiresAt > now)
            return remembered.SignIn;

        var found = await FindSharedAsync(key, cancellationToken) ?? await RestoreAsync(key, cancellationToken);
        if (found is null)
            return null;
        if (_remembered.Count >= MostRemembered)
            _remembered.Clear();
        _remembered[key] = (found, now + Memory);
        return found;
    }

    public async Task SaveAsync(SignIn signIn, CancellationToken cancellationToken)
    {
        await store.SaveAsync(signIn, cancellationToken);
        await ShareAsync(signIn, cancellationToken);
    }

    /// <summary>Ends it and its children, here and wherever the tracker is watched.</summary>
    public async Task EndAsync(SignInKey key, CancellationToken cancellationToken)
    {
        await store.RemoveAsync(key, cancellationToken);
        Forget(key);
        await revocations.TellAsync(key, cancellationToken);
        // Somebody may have read it in between.
        Forget(key);
    }

    public void Forget(SignInKey key)
    {
        foreach (var (other, remembered) in _remembered)
        {
            if (other == key || remembered.SignIn.Parent == key)
                _remembered.TryRemove(other, out _);
        }
    }

    public void ForgetAll() => _remembered.Clear();

    /// <summary>The tracker lost it, or never had it.</summary>
    private async Task<SignIn?> RestoreAsync(SignInKey key, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(key, cancellationToken) is not { } signIn)
            return null;
        await ShareAsync(signIn, cancellationToken);
        return signIn;
    }

    private async Task<SignIn?> FindSharedAsync(SignInKey key, CancellationToken cancellationToken)
    {
        try
        {
            return await tracker.FindSignInAsync(key, cancellationToken).WaitAsync(Patience, time, cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            Log.NotAsked(logger, exception.Message);
            return null;
        }
    }

    /// <summary>What the tracker does not take, the database still knows.</summary>
    private async Task ShareAsync(SignIn signIn, CancellationToken cancellationToken)
    {
        try
        {
            await tracker.PutSignInAsync(signIn, cancellationToken).WaitAsync(Patience, time, cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            Log.NotShared(logger, exception.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Debug, "The tracker could not be asked for a sign-in, the database decides: {Reason}")]
        public static partial void NotAsked(ILogger logger, string reason);

        [LoggerMessage(2, LogLevel.Warning, "The tracker did not take a sign-in, the database has it: {Reason}")]
        public static partial void NotShared(ILogger logger, string reason);
    }
}
