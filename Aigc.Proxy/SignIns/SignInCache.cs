using System.Collections.Concurrent;
using Aigc.Engines.People;
using Aigc.Engines.Tracking;

namespace Aigc.Proxy.SignIns;

/// <summary>
/// Who a credential is. Kept by the credential itself, not by its hash: the warm path looks up the characters of the
/// request header as they are. Memory first, then the tracker, then the API; and when neither answers, memory once more.
/// </summary>
public sealed partial class SignInCache
{
    public const int MaxEntries = 50_000;

    /// <summary>How long memory is believed without asking the tracker again.</summary>
    public static readonly TimeSpan Freshness = TimeSpan.FromSeconds(30);

    /// <summary>So long a sign-in stays good that was known for sure before and that nobody can tell of now. Its own end and its revocation still end it.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromMinutes(10);

    /// <summary>While nobody can tell, the question is asked again this often for one sign-in, not with each request.</summary>
    private static readonly TimeSpan GraceFreshness = TimeSpan.FromSeconds(5);

    /// <summary>The tracker spares the API work; one that takes longer than this does not spare anybody time.</summary>
    private static readonly TimeSpan TrackerPatience = TimeSpan.FromMilliseconds(500);

    /// <summary>Personal tokens and cookies are short; JWTs of providers with many claims are not.</summary>
    private const int MaxCredentialLength = 8_192;
    private const int MaxRefusals = 10_000;
    private static readonly TimeSpan RefusalLifetime = TimeSpan.FromSeconds(1);

    private readonly ISessionTracker _tracker;
    private readonly GatewayApi _api;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ConcurrentDictionary<string, KnownSignIn> _known = new();
    private readonly ConcurrentDictionary<string, KnownSignIn>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private readonly ConcurrentDictionary<string, long> _refused = new();
    private readonly ConcurrentDictionary<string, Lazy<Task<KnownSignIn?>>> _verifying = new();
    private int _revocations;

    public SignInCache(ISessionTracker tracker, GatewayApi api, TimeProvider time, ILogger<SignInCache> logger)
    {
        _logger = logger;
        _tracker = tracker;
        _api = api;
        _time = time;
        _lookup = _known.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>The warm path: the sign-in if memory knows it for sure.</summary>
    public KnownSignIn? Find(ReadOnlySpan<char> credential) =>
        _lookup.TryGetValue(credential, out var known) && IsFresh(known) && known.SignIn.ExpiresAt > _time.GetUtcNow() ? known : null;

    /// <summary>Whether it was somebody's when last asked about; that may be a while ago.</summary>
    public bool HasMet(ReadOnlySpan<char> credential) => _lookup.ContainsKey(credential);

    /// <summary>Asks the tracker, then the API. Throws when neither can tell.</summary>
    /// <param name="address">Where it came from, when it came with a request.</param>
    public async Task<KnownSignIn?> VerifyAsync(string credential, string? address, CancellationToken cancellationToken)
    {
        if (credential.Length > MaxCredentialLength || (_refused.TryGetValue(credential, out var at) && _time.GetElapsedTime(at) < RefusalLifetime))
            return null;
        // One question for all who ask at once, so nobody's abort cancels it; the API client's timeout bounds it.
        var question = _verifying.GetOrAdd(credential, c => new(() => AskAsync(c, address)));
        try
        {
            return await question.Value.WaitAsync(cancellationToken);
        }
        finally
        {
            if (question.Value.IsCompleted)
                _verifying.TryRemove(new(credential, question));
        }
    }

    /// <summary>Forgets the sign-in and its children at once, and ends their streams.</summary>
    public void Revoke(SignInKey key)
    {
        Interlocked.Increment(ref _revocations);
        foreach (var (credential, known) in _known)
            if (known.SignIn.Key == key || known.SignIn.Parent == key)
                Forget(credential);
    }

    /// <summary>Believes nothing until it is verified again.</summary>
    public void DoubtAll()
    {
        Interlocked.Increment(ref _revocations);
        foreach (var (_, known) in _known)
            known.VerifiedAt = 0;
    }

    /// <summary>Believes nothing of this person until it is verified again, and verifies at once what is in use: a role that was lost may be what keeps it open.</summary>
    public void Doubt(UserId user)
    {
        Interlocked.Increment(ref _revocations);
        foreach (var (credential, known) in _known)
        {
            if (known.SignIn.User != user)
                continue;
            known.VerifiedAt = 0;
            if (known.InUse)
                _ = VerifyAgainAsync(credential, CancellationToken.None);
        }
    }

    /// <summary>Verifies again what is in use, and forgets what nobody has used for a while.</summary>
    public async Task UpkeepAsync(CancellationToken cancellationToken)
    {
        foreach (var (credential, known) in _known)
        {
            if (IsFresh(known) && known.SignIn.ExpiresAt > _time.GetUtcNow())
                continue;
            if (known.InUse)
                await VerifyAgainAsync(credential, cancellationToken);
            else if (!IsInGrace(known))
                _known.TryRemove(new(credential, known));
        }
        foreach (var (credential, at) in _refused)
            if (_time.GetElapsedTime(at) >= RefusalLifetime)
                _refused.TryRemove(new(credential, at));
    }

    private async Task VerifyAgainAsync(string credential, CancellationToken cancellationToken)
    {
        try
        {
            await VerifyAsync(credential, null, cancellationToken);
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            // The others still get their turn.
            Log.NobodyTells(_logger, exception);
        }
    }

    private bool IsInGrace(KnownSignIn known) =>
        _time.GetElapsedTime(known.ConfirmedAt) < Grace && known.SignIn.ExpiresAt > _time.GetUtcNow();

    private bool IsFresh(KnownSignIn known) => known.VerifiedAt is var at and not 0 && _time.GetElapsedTime(at) < Freshness;

    private async Task<KnownSignIn?> AskAsync(string credential, string? address)
    {
        while (true)
        {
            var revocations = Volatile.Read(ref _revocations);
            SignIn? signIn;
            try
            {
                signIn = await LookUpAsync(credential, address);
            }
            catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException
                && _known.TryGetValue(credential, out var before) && IsInGrace(before))
            {
                Log.NobodyTells(_logger, exception);
                return Trust(before);
            }
            // A revocation that came while the question was under way may have been for this very sign-in.
            if (revocations == Volatile.Read(ref _revocations))
                // The dashboard's cookie is for the dashboard's host, where an engine's page cannot lead it.
                return signIn is null or { Kind: SignInKind.Dashboard } || signIn.ExpiresAt <= _time.GetUtcNow() ? Refuse(credential) : Remember(credential, signIn);
        }
    }

    private async Task<SignIn?> LookUpAsync(string credential, string? address)
    {
        try
        {
            if (await _tracker.FindSignInAsync(SignInKey.Of(credential), CancellationToken.None).WaitAsync(TrackerPatience, _time) is { } signIn)
                return signIn;
        }
        catch (Exception exception)
        {
            Log.TrackerAway(_logger, exception.Message);
        }

        return await _api.AuthenticateAsync(credential, address, CancellationToken.None);
    }

    private KnownSignIn Trust(KnownSignIn known)
    {
        known.VerifiedAt = _time.GetTimestamp() - (long)((Freshness - GraceFreshness).TotalSeconds * _time.TimestampFrequency);
        return known;
    }

    private KnownSignIn Remember(string credential, SignIn signIn)
    {
        if (_known.Count >= MaxEntries)
            foreach (var (old, idle) in _known.Where(entry => !entry.Value.InUse).Take(MaxEntries / 10))
                _known.TryRemove(new(old, idle));
        // What is under way hangs on the object, so a sign-in that is unchanged keeps it.
        var known = _known.AddOrUpdate(credential, _ => new(signIn), (_, before) => before.TryBecome(signIn) ? before : Succeed(before, signIn));
        known.VerifiedAt = known.ConfirmedAt = _time.GetTimestamp();
        return known;
    }

    /// <summary>A sign-in that came to be another person's or another engine's, or may do something else, takes its streams with it.</summary>
    private static KnownSignIn Succeed(KnownSignIn before, SignIn after)
    {
        before.End();
        return new(after);
    }

    private KnownSignIn? Refuse(string credential)
    {
        Forget(credential);
        if (_refused.Count < MaxRefusals)
            _refused[credential] = _time.GetTimestamp();
        return null;
    }

    private void Forget(string credential)
    {
        if (_known.TryRemove(credential, out var known))
            known.End();
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Debug, "The tracker could not tell of a sign-in, the API is asked: {Reason}")]
        public static partial void TrackerAway(ILogger logger, string reason);

        [LoggerMessage(2, LogLevel.Warning, "Neither the tracker nor the API can tell of a sign-in; one that was known before stays good for a while")]
        public static partial void NobodyTells(ILogger logger, Exception exception);
    }
}
