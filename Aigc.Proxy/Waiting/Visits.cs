using System.Collections.Concurrent;
using Aigc.Engines.Gateway;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.People;
using Aigc.Engines.Tracking;
using Aigc.Proxy.Answers;
using Aigc.Proxy.Gate;
using Aigc.Proxy.Limits;
using Aigc.Proxy.Routes;

namespace Aigc.Proxy.Waiting;

/// <summary>What the API said to a visit. Neither answer nor refusal: it could not be asked.</summary>
public readonly record struct VisitOutcome(VisitAnswer? Answer, Problem? Refusal);

/// <summary>Tells the API of visits: any number of simultaneous ones of an engine are one call.</summary>
public sealed partial class Visits(GatewayApi api, AddressLimits limits, TimeProvider time, ILogger<Visits> logger)
{
    /// <summary>An answer speaks for the visits of this long, unless the engine's route has changed since.</summary>
    private static readonly TimeSpan Shared = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<(EngineId, UserId), Call> _calls = new();

    public async Task<VisitOutcome> VisitAsync(HttpContext context, Admission admission, bool retry, CancellationToken cancellationToken)
    {
        var request = new VisitRequest(admission.Engine.Id, admission.SignIn.SignIn.User, retry, admission.Address.Text());
        var call = retry ? NewCall(context, admission.Engine, request) : _calls.AddOrUpdate(
            (request.Engine, request.User),
            _ => NewCall(context, admission.Engine, request),
            (_, before) => Speaks(before, admission.Engine.Route) ? before : NewCall(context, admission.Engine, request));
        try
        {
            // The call outlives the request that began it: a wake is not taken back.
            return await call.Answer.Value.WaitAsync(cancellationToken);
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            Log.VisitFailed(logger, e, admission.Engine.Id.Value);
            return new(null, null);
        }
    }

    private Call NewCall(HttpContext context, LiveEngine engine, VisitRequest request) =>
        new(engine.Route, time.GetTimestamp(), new(() => limits.Wake(context) is { } pause
            ? Task.FromResult(new VisitOutcome(null, Problems.TooManyRequests(pause)))
            : api.VisitAsync(request, CancellationToken.None)));

    private bool Speaks(Call call, Route now) =>
        !call.Answer.IsValueCreated || !call.Answer.Value.IsCompleted
        || (call.Answer.Value.IsCompletedSuccessfully && ReferenceEquals(call.Saw, now) && time.GetElapsedTime(call.At) < Shared);

    private sealed record Call(Route Saw, long At, Lazy<Task<VisitOutcome>> Answer);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The visit of engine {Engine} did not reach the API")]
        public static partial void VisitFailed(ILogger logger, Exception exception, string engine);
    }
}
