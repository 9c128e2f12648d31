using Aigc.Engines.People;
using Aigc.Proxy.Answers;
using Aigc.Proxy.Denying;
using Aigc.Proxy.Forwarding;
using Aigc.Proxy.HandOff;
using Aigc.Proxy.Routes;
using Aigc.Proxy.SignIns;
using Aigc.Proxy.Tracing;
using Aigc.Proxy.Waiting;

namespace Aigc.Proxy.Gate;

/// <summary>
/// The door of every engine: which engine, who asks, is it theirs. All of that is decided before anything is started,
/// and for an engine that is ready, from memory alone.
/// </summary>
public sealed partial class EngineGate(
    RouteTable routes, RouteLookup lookup, SignInCache signIns, GatewayCookies cookies,
    EngineForwarder forwarder, WaitingRoom waiting, SignInRedirect signIn, OwnPaths own, DenialReporter denials, RequestTraces traces, ILogger<EngineGate> logger)
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
                return AdmitAsync(context, new(engine, known, byToken, context.Connection.RemoteIpAddress));
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
                await AdmitAsync(context, new(engine, known, byToken, context.Connection.RemoteIpAddress));
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
        return await signIns.VerifyAsync(credential, context.Connection.RemoteIpAddress.Text(), context.RequestAborted) is { } known ? (known, byToken) : null;
    }

    private Task AdmitAsync(HttpContext context, Admission admission)
    {
        var (engine, known, _, _) = admission;
        if (Refusal(engine, known.SignIn) is { } refusal)
        {
            denials.Note(engine.Route, known.SignIn, admission.Address, refusal);
            return Problems.Answer(context, refusal);
        }

        traces.Admitted(context, admission);
        return OwnPaths.Contains(context.Request.Path) ? own.ServeAsync(context, admission) : ForwardAsync(context, admission);
    }

    private static Problem? Refusal(LiveEngine engine, SignIn signIn) =>
        signIn.User != engine.Route.Owner || !signIn.Covers(engine.Id) ? Problems.NotYours
        : signIn.Scopes.HasFlag(Scopes.EnginesUse) ? null
        : Problems.ScopeMissing;

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
