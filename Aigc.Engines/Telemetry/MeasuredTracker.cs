using Aigc.Engines.Leading;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.People;
using Aigc.Engines.Tracking;

namespace Aigc.Engines.Telemetry;

/// <summary>A session tracker whose operations are measured. Watching is not: it lasts as long as its service.</summary>
/// <param name="system">What the tracker is, such as <c>redis</c>.</param>
public sealed class MeasuredTracker(ISessionTracker inner, string system) : ISessionTracker, IAsyncDisposable
{
    public Task BeginTermAsync(Term term, IReadOnlyCollection<Route> routes, CancellationToken cancellationToken) =>
        MeasureAsync(StoreMetrics.Begin(), inner.BeginTermAsync(term, routes, cancellationToken), "BeginTerm");

    public Task PublishRouteAsync(Route route, Term term, CancellationToken cancellationToken) =>
        MeasureAsync(StoreMetrics.Begin(), inner.PublishRouteAsync(route, term, cancellationToken), "PublishRoute");

    public Task RemoveRouteAsync(EngineId engine, Term term, CancellationToken cancellationToken) =>
        MeasureAsync(StoreMetrics.Begin(), inner.RemoveRouteAsync(engine, term, cancellationToken), "RemoveRoute");

    public IAsyncEnumerable<TrackerChange> WatchAsync(CancellationToken cancellationToken) => inner.WatchAsync(cancellationToken);

    public Task PutSignInAsync(SignIn signIn, CancellationToken cancellationToken) =>
        MeasureAsync(StoreMetrics.Begin(), inner.PutSignInAsync(signIn, cancellationToken), "PutSignIn");

    public Task<SignIn?> FindSignInAsync(SignInKey key, CancellationToken cancellationToken) =>
        MeasureAsync(StoreMetrics.Begin(), inner.FindSignInAsync(key, cancellationToken), "FindSignIn");

    public Task RevokeSignInAsync(SignInKey key, CancellationToken cancellationToken) =>
        MeasureAsync(StoreMetrics.Begin(), inner.RevokeSignInAsync(key, cancellationToken), "RevokeSignIn");

    public Task TellPersonChangedAsync(UserId user, CancellationToken cancellationToken) =>
        MeasureAsync(StoreMetrics.Begin(), inner.TellPersonChangedAsync(user, cancellationToken), "TellPersonChanged");

    public Task PutCodeAsync(OneTimeCode code, CancellationToken cancellationToken) =>
        MeasureAsync(StoreMetrics.Begin(), inner.PutCodeAsync(code, cancellationToken), "PutCode");

    public Task<OneTimeCode?> TakeCodeAsync(SignInKey key, CancellationToken cancellationToken) =>
        MeasureAsync(StoreMetrics.Begin(), inner.TakeCodeAsync(key, cancellationToken), "TakeCode");

    public Task ReportLeasesAsync(string proxy, IReadOnlyCollection<LeaseReport> reports, CancellationToken cancellationToken) =>
        MeasureAsync(StoreMetrics.Begin(), inner.ReportLeasesAsync(proxy, reports, cancellationToken), "ReportLeases");

    public Task<IReadOnlyDictionary<EngineId, EngineActivity>> GetActivityAsync(CancellationToken cancellationToken) =>
        MeasureAsync(StoreMetrics.Begin(), inner.GetActivityAsync(cancellationToken), "GetActivity");

    public async ValueTask DisposeAsync()
    {
        if (inner is IAsyncDisposable disposable)
            await disposable.DisposeAsync();
        else
            (inner as IDisposable)?.Dispose();
    }

    private Task MeasureAsync(long began, Task operation, string name)
    {
        return began == 0 ? operation : MeasuredAsync();

        async Task MeasuredAsync()
        {
            try
            {
                await operation;
            }
            catch (Exception error)
            {
                StoreMetrics.End(began, "tracker", system, name, error);
                throw;
            }
            StoreMetrics.End(began, "tracker", system, name);
        }
    }

    private Task<T> MeasureAsync<T>(long began, Task<T> operation, string name)
    {
        return began == 0 ? operation : MeasuredAsync();

        async Task<T> MeasuredAsync()
        {
            await MeasureAsync(began, (Task)operation, name);
            return await operation;
        }
    }
}
