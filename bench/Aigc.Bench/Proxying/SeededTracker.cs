using System.Runtime.CompilerServices;
using Aigc.Engines.Leading;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.People;
using Aigc.Engines.Tracking;

namespace Aigc.Bench.Proxying;

/// <summary>A tracker that knows one ready engine and one sign-in.</summary>
public sealed class SeededTracker(Uri engine) : ISessionTracker
{
    public const string Host = "bench.engines.localhost";
    public const string Cookie = "bench-cookie-0123456789abcdef0123456789abcdef";

    private readonly EngineId _id = EngineId.New();

    public async IAsyncEnumerable<TrackerChange> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return new TrackerChange.Snapshot([new Route
        {
            Engine = _id, Host = "bench", Owner = new("alice"), Group = new("studio"), Title = new("Bench"), State = EngineState.Ready,
            Reason = new(Reasons.Ready), Since = TimeProvider.System.GetUtcNow(), Address = engine, Generation = 1,
        }]);
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
    }

    public Task<SignIn?> FindSignInAsync(SignInKey key, CancellationToken cancellationToken) =>
        Task.FromResult(key != SignInKey.Of(Cookie) ? null : new SignIn
        {
            Key = key,
            Kind = SignInKind.EngineHost,
            User = new("alice"),
            UserName = "alice",
            Name = "Alice",
            Group = new("studio"),
            Engine = _id,
            ExpiresAt = DateTimeOffset.MaxValue,
        });

    public Task ReportLeasesAsync(string proxy, IReadOnlyCollection<LeaseReport> reports, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task BeginTermAsync(Term term, IReadOnlyCollection<Route> routes, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task PublishRouteAsync(Route route, Term term, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task RemoveRouteAsync(EngineId engine, Term term, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task PutSignInAsync(SignIn signIn, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task RevokeSignInAsync(SignInKey key, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task TellPersonChangedAsync(UserId user, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task PutCodeAsync(OneTimeCode code, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<OneTimeCode?> TakeCodeAsync(SignInKey key, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyDictionary<EngineId, EngineActivity>> GetActivityAsync(CancellationToken cancellationToken) => throw new NotSupportedException();
}
