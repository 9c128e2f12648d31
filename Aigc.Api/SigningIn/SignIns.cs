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
    private readonly ConcurrentDictionary<SignInKey, UserId> _unshared = new();

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

    /// <returns>False: its parent has ended, and it does not begin.</returns>
    public async Task<bool> SaveAsync(SignIn signIn, ProviderAccess? access, CancellationToken cancellationToken)
    {
        if (!await store.SaveAsync(signIn, access, cancellationToken))
            return false;
        await ShareAsync(signIn, cancellationToken);
        return true;
    }

    /// <summary>Brings all of a person's sign-ins up to what is known of them now, here and wherever the tracker is watched.</summary>
    /// <param name="renewed">The provider has renewed the access of this one.</param>
    /// <param name="expires">Until when it and its children are good then.</param>
    public async Task ChangeAsync(Person person, SignInKey? renewed, DateTimeOffset expires, CancellationToken cancellationToken)
    {
        var changed = await store.ChangeAsync(
            person.Id,
            signIn => signIn.With(person) is var now && (now.Key == renewed || now.Parent == renewed) && renewed is not null ? now with { ExpiresAt = expires } : now,
            cancellationToken);
        foreach (var signIn in changed)
            await ShareAsync(signIn, cancellationToken);
        Forget(person.Id);
        await TellAsync(person.Id, cancellationToken);
    }

    /// <summary>Ends it and its children, here and wherever the tracker is watched.</summary>
    public async Task EndAsync(SignInKey key, CancellationToken cancellationToken)
    {
        await store.RemoveAsync(key, cancellationToken);
        await EndedAsync([key], cancellationToken);
    }

    /// <summary>Ends all of a person's browser sign-ins.</summary>
    public async Task<int> EndAllAsync(UserId user, CancellationToken cancellationToken)
    {
        var ended = await store.RemoveAllAsync(user, cancellationToken);
        await EndedAsync(ended, cancellationToken);
        return ended.Count;
    }

    /// <summary>The database has forgotten them; now so does everybody else.</summary>
    public async Task EndedAsync(IReadOnlyList<SignInKey> keys, CancellationToken cancellationToken)
    {
        foreach (var key in keys)
        {
            Forget(key);
            await revocations.TellAsync(key, cancellationToken);
            // Somebody may have read it in between.
            Forget(key);
        }
    }

    public void Forget(UserId user)
    {
        foreach (var (key, remembered) in _remembered)
        {
            if (remembered.SignIn.User == user)
                _remembered.TryRemove(key, out _);
        }
    }

    /// <summary>Shares what a tracker that was away did not take, as it is in the database by now.</summary>
    public async Task ShareAgainAsync(CancellationToken cancellationToken)
    {
        foreach (var (key, user) in _unshared)
        {
            if (await store.FindAsync(key, cancellationToken) is { } signIn && !await ShareAsync(signIn, cancellationToken))
                return;
            _unshared.TryRemove(key, out _);
            await TellAsync(user, cancellationToken);
        }
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
    private async Task<bool> ShareAsync(SignIn signIn, CancellationToken cancellationToken)
    {
        try
        {
            await tracker.PutSignInAsync(signIn, cancellationToken).WaitAsync(Patience, time, cancellationToken);
            return true;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            Log.NotShared(logger, exception.Message);
            // The tracker may come back with what it had before.
            if (signIn.Revision > 0 && _unshared.Count < MostRemembered)
                _unshared[signIn.Key] = signIn.User;
            return false;
        }
    }

    /// <summary>Whoever is not told asks again by themselves within half a minute.</summary>
    private async Task TellAsync(UserId user, CancellationToken cancellationToken)
    {
        try
        {
            await tracker.TellPersonChangedAsync(user, cancellationToken).WaitAsync(Patience, time, cancellationToken);
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
