using Aigc.Engines.Access;
using Aigc.Engines.People;
using Aigc.Proxy.Answers;
using Aigc.Proxy.Denying;
using Aigc.Proxy.Forwarding;
using Aigc.Proxy.HandOff;
using Aigc.Proxy.Limits;
using Aigc.Proxy.Routes;
using Aigc.Proxy.SignIns;
using Aigc.Proxy.Tracing;
using Aigc.Proxy.Waiting;

namespace Aigc.Proxy.Gate;

/// <summary>
/// The door of every engine: which engine, who asks, may they. All of that is decided before anything is started,
/// and for an engine that is ready, from memory alone.
/// </summary>
public sealed partial class EngineGate(
    RouteTable routes, RouteLookup lookup, SignInCache signIns, GatewayCookies cookies,
    EngineForwarder forwarder, WaitingRoom waiting, SignInRedirect signIn, OwnPaths own, Guests guests, AddressLimits limits,
    DenialReporter denials, RequestTraces traces, TimeProvider time, ILogger<EngineGate> logger)
{
    private const string Bearer = "Bearer ";

    /// <param name="label">The host label; valid until the first await.</param>
    public Task ServeAsync(HttpContext context, ReadOnlySpan<char> label)
    {
        var engine = routes.Find(label);
        if (engine is not null && !OwnPaths.Contains(context.Request.Path))
        {
            var known = signIns.Find(Credential(context.Request, out var byToken));
            if (known is not null)
                return AdmitAsync(context, engine, known, byToken);
        }
        return ServeSlowlyAsync(context, engine, label.ToString());
    }

    private async Task ServeSlowlyAsync(HttpContext context, LiveEngine? engine, string label)
    {
        try
        {
            engine ??= await lookup.FindAsync(label, context.RequestAborted);
            if (engine is null)
                await Problems.Answer(context, Problems.UnknownEngine);
            else if (await own.TryServeOpenAsync(context, engine))
                return;
            else if (IsGuess(context.Request) && limits.Guess(context) is { } pause)
                await Problems.Answer(context, Problems.TooManyRequests(pause));
            else if (await VerifyAsync(context) is not var (known, byToken))
                await signIn.AnswerAsync(context, engine);
            else
                await AdmitAsync(context, engine, known, byToken);
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !context.RequestAborted.IsCancellationRequested)
        {
            Log.ApiAway(logger, e);
            await Problems.Answer(context, Problems.GatewayStarting);
        }
    }

    private async Task<(KnownSignIn, bool)?> VerifyAsync(HttpContext context)
    {
        var credential = Credential(context.Request, out var byToken).ToString();
        if (credential.Length == 0)
            return null;
        if (await signIns.VerifyAsync(credential, context.Connection.RemoteIpAddress.Text(), context.RequestAborted) is { } known)
            return (known, byToken);
        limits.Failed(context);
        return null;
    }

    /// <summary>A credential that this proxy has not met: somebody who has signed in does not suffer for others at the same address.</summary>
    private bool IsGuess(HttpRequest request) => Credential(request, out _) is { IsEmpty: false } credential && !signIns.HasMet(credential);

    private Task AdmitAsync(HttpContext context, LiveEngine engine, KnownSignIn known, bool byToken)
    {
        var signedIn = known.SignIn;
        var rights = signedIn.Covers(engine.Id) ? AccessRule.RightsOf(signedIn.Standing, engine.Route, time.GetUtcNow()) : Rights.None;
        var admission = new Admission(engine, known, byToken, context.Connection.RemoteIpAddress, rights);
        if (Refusal(context, admission) is { } refusal)
        {
            denials.Note(engine.Route, signedIn, admission.Address, refusal);
            return Problems.Answer(context, refusal);
        }

        traces.Admitted(context, admission);
        return admission.IsOwner ? ServeAsync(context, admission) : guests.ServeAsync(context, admission, ServeAsync);
    }

    private static Problem? Refusal(HttpContext context, in Admission admission) =>
        !admission.Rights.HasFlag(Rights.View) ? Problems.NotYours
        : !admission.SignIn.SignIn.Scopes.HasFlag(Scopes.EnginesUse) ? Problems.ScopeMissing
        : !admission.ByToken && CrossSite.IsForeign(context.Request) ? Problems.CrossSite
        : admission.MayUse || ViewOnly.Allows(context) ? null
        : Problems.ViewOnly;

    private Task ServeAsync(HttpContext context, Admission admission) =>
        OwnPaths.Contains(context.Request.Path) ? own.ServeAsync(context, admission) : ForwardAsync(context, admission);

    private async Task ForwardAsync(HttpContext context, Admission admission)
    {
        admission.SignIn.UseBegan();
        try
        {
            if (admission.Engine.Target is not { } target)
                await waiting.ServeAsync(context, admission, unreachable: false);
            else if (!await forwarder.TryForwardAsync(context, admission, target, waited: false))
                await waiting.ServeAsync(context, admission, unreachable: true);
        }
        finally
        {
            admission.SignIn.UseEnded();
        }
    }

    private ReadOnlySpan<char> Credential(HttpRequest request, out bool byToken)
    {
        var authorization = request.Headers.Authorization;
        byToken = authorization.Count == 1 && authorization[0]!.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase);
        if (byToken)
            return authorization[0].AsSpan(Bearer.Length).Trim();
        var offered = SocketTokens.Find(request);
        byToken = !offered.IsEmpty;
        return byToken ? offered : GatewayCookies.Find(request.Headers.Cookie, cookies.Engine);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The API could not be asked")]
        public static partial void ApiAway(ILogger logger, Exception exception);
    }
}
