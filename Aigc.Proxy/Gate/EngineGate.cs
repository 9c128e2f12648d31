using Aigc.Engines.Access;
using Aigc.Proxy.Answers;
using Aigc.Proxy.Forwarding;
using Aigc.Proxy.HandOff;
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
    EngineForwarder forwarder, WaitingRoom waiting, SignInRedirect signIn, OwnPaths own, Guests guests,
    RequestTraces traces, TimeProvider time, ILogger<EngineGate> logger)
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
        return await signIns.VerifyAsync(credential, context.RequestAborted) is { } known ? (known, byToken) : null;
    }

    private Task AdmitAsync(HttpContext context, LiveEngine engine, KnownSignIn known, bool byToken)
    {
        var rights = AccessRule.RightsOf(known.SignIn.Standing, engine.Route, time.GetUtcNow());
        if (!rights.HasFlag(Rights.View) || (known.SignIn.Engine is { } only && only != engine.Id))
            return Problems.Answer(context, Problems.NotYours);
        var admission = new Admission(engine, known, byToken, context.Connection.RemoteIpAddress, rights);
        if (!admission.MayUse && !ViewOnly.Allows(context))
            return Problems.Answer(context, Problems.ViewOnly);
        traces.Admitted(context, admission);
        return admission.IsOwner ? ServeAsync(context, admission) : guests.ServeAsync(context, admission, ServeAsync);
    }

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
        return byToken ? authorization[0].AsSpan(Bearer.Length).Trim() : GatewayCookies.Find(request.Headers.Cookie, cookies.Engine);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The API could not be asked")]
        public static partial void ApiAway(ILogger logger, Exception exception);
    }
}
