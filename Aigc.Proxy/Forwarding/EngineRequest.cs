using System.Diagnostics;
using Aigc.Proxy.Answers;
using Aigc.Proxy.Gate;
using Aigc.Proxy.Leases;
using Aigc.Proxy.Signing;
using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Forwarder;

namespace Aigc.Proxy.Forwarding;

/// <summary>One request on its way to an engine: what changes in it, and what it tells of the engine's use.</summary>
/// <param name="identity">Who visits, signed; null: there is no key to sign with yet.</param>
public sealed class EngineRequest(
    HttpContext context, Admission admission, string target, string scheme, string? identity, CancellationToken gone) : HttpTransformer, IDisposable
{
    /// <summary>A body below this is over before it could count: its start and end are activity enough. Bytes.</summary>
    private const long ShortBody = 64 * 1024;

    private static readonly UriCreationOptions AsItIs = new() { DangerousDisablePathAndQueryCanonicalization = true };

    private readonly EngineLease? _lease = !admission.MayUse || IsIgnored(context, admission) ? null : admission.Engine.Lease;
    private CancellationTokenRegistration _onGone;
    private CancellationTokenRegistration _onSignedOut;
    private bool _waiting;

    /// <summary>From here to the answer's first byte, the request holds the engine awake.</summary>
    public void Begin()
    {
        if (_lease is null)
            return;
        _lease.Acquire();
        _waiting = true;
        var features = context.Features;
        var rules = admission.Engine.Route.Activity;
        if (features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true } upgrade)
            features.Set<IHttpUpgradeFeature>(new LeasedUpgrade(upgrade, _lease, rules.WebSocketsFromBrowserOnly));
        else if (features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true } connect)
            features.Set<IHttpExtendedConnectFeature>(new LeasedConnect(connect, _lease, rules.WebSocketsFromBrowserOnly));
        else if (features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true } && !IsShort(context.Request.ContentLength))
            context.Request.Body = new LeasedStream(context.Request.Body, _lease);
    }

    public override async ValueTask TransformRequestAsync(
        HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
        // The target exactly as the browser sent it: decoding and encoding it again would change it.
        if (httpContext.Features.Get<IHttpRequestFeature>()!.RawTarget is ['/', ..] raw)
            proxyRequest.RequestUri = new(target + raw, AsItIs);
        ForwardedHeaders.Set(httpContext, proxyRequest, scheme);
        proxyRequest.Headers.TryAddWithoutValidation("X-Forwarded-User", admission.SignIn.ForwardedUser);
        if (identity is not null)
            proxyRequest.Headers.TryAddWithoutValidation(IdentityTokens.Header, identity);
        if (admission.ByToken)
            proxyRequest.Headers.Remove("Authorization");
        if (httpContext.Request.Headers.SecWebSocketProtocol is { Count: > 0 } protocols)
        {
            proxyRequest.Headers.Remove("Sec-WebSocket-Protocol");
            if (SocketTokens.Without(protocols) is { } real)
                proxyRequest.Headers.TryAddWithoutValidation("Sec-WebSocket-Protocol", real);
        }

        if (httpContext.Request.Headers.Cookie is { Count: > 0 } cookies)
        {
            proxyRequest.Headers.Remove("Cookie");
            if (GatewayCookies.WithoutOurs(cookies) is { } kept)
                proxyRequest.Headers.TryAddWithoutValidation("Cookie", kept);
        }
        // An engine that traces may go on with ours, unless its visitor brought a trace: that is between the two of them.
        if (Activity.Current is { Recorded: true } span && !proxyRequest.Headers.NonValidated.Contains("traceparent"))
            proxyRequest.Headers.TryAddWithoutValidation("traceparent", span.Id);
    }

    public override async ValueTask<bool> TransformResponseAsync(HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        var goesOn = await base.TransformResponseAsync(httpContext, proxyResponse, cancellationToken);
        if (proxyResponse is null)
            return goesOn;
        StopWaiting();
        var isStream = !IsShort(proxyResponse.Content.Headers.ContentLength);
        if (isStream && admission.SignIn.Ended.IsCancellationRequested)
        {
            httpContext.Response.Clear();
            await Problems.Answer(httpContext, Problems.NotSignedIn);
            return false;
        }
        AnswerRules.Apply(proxyResponse, httpContext.Response.Headers);
        SocketTokens.Answer(httpContext.Request, proxyResponse, httpContext.Response.Headers);
        if (isStream)
            BeginStream(proxyResponse);
        return goesOn;
    }

    public void Dispose()
    {
        StopWaiting();
        _lease?.Touch();
        _onGone.Dispose();
        _onSignedOut.Dispose();
    }

    /// <summary>What may go on for long ends with the engine and with the sign-in. A body on its way up does not: half an upload helps nobody.</summary>
    private void BeginStream(HttpResponseMessage response)
    {
        _onGone = gone.UnsafeRegister(Abort, context);
        _onSignedOut = admission.SignIn.Ended.UnsafeRegister(Abort, context);
        if (_lease is not null && response.StatusCode != System.Net.HttpStatusCode.SwitchingProtocols)
            context.Response.Body = new LeasedStream(context.Response.Body, _lease);
    }

    private void StopWaiting()
    {
        if (_waiting)
            _lease!.Release();
        _waiting = false;
    }

    private static void Abort(object? context) => ((HttpContext)context!).Abort();

    private static bool IsShort(long? length) => length < ShortBody;

    private static bool IsIgnored(HttpContext context, Admission admission)
    {
        if (admission.Engine.Route.Activity.IgnorePaths is not { Count: > 0 } prefixes)
            return false;
        var path = context.Request.Path.Value ?? "";
        for (var i = 0; i < prefixes.Count; i++)
            if (path.StartsWith(prefixes[i], StringComparison.Ordinal))
                return true;
        return false;
    }
}
