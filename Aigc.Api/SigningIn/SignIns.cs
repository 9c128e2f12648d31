using System.Collections.Concurrent;
using Aigc.Engines.People;
using Aigc.Engines.Storage;
using Aigc.Engines.Tracking;

namespace Aigc.Api.SigningIn;

/// <summary>Browsers' sign-ins: the database is the truth, the session tracker shares them, memory spares both for some seconds.</summary>
public sealed class SignIns(SignInStore store, ISessionTracker tracker, TimeProvider time)
{
    /// <summary>Revocation empties the memory at once; this bounds the harm of one that was missed.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromSeconds(5);
    private const int MostRemembered = 10_000;

    private readonly ConcurrentDictionary<SignInKey, (SignIn SignIn, DateTimeOffset Until)> _remembered = new();

    public async Task<SignIn?> FindAsync(SignInKey key, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (_remembered.TryGetValue(key, out var remembered) && remembered.Until > now && remembered.SignIn.ExpiresAt > now)
            return remembered.SignIn;

        var found = await tracker.FindSignInAsync(key, cancellationToken) ?? await RestoreAsync(key, cancellationToken);
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
        await tracker.PutSignInAsync(signIn, cancellationToken);
    }

    /// <summary>Ends it and its children, here and wherever the tracker is watched.</summary>
    public async Task EndAsync(SignInKey key, CancellationToken cancellationToken)
    {
        await store.RemoveAsync(key, cancellationToken);
        await tracker.RevokeSignInAsync(key, cancellationToken);
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
        await tracker.PutSignInAsync(signIn, cancellationToken);
        return signIn;
    }
}
