using System.Diagnostics;
using Aigc.Proxy.Gate;
using Microsoft.Extensions.Options;
using Yarp.ReverseProxy.Forwarder;

namespace Aigc.Proxy.Tracing;

/// <summary>What the spans of requests for engines say. Nothing here costs more than a look when nobody traces.</summary>
public sealed class RequestTraces(IOptions<TracingOptions> options)
{
    private readonly double _ratio = options.Value.ForwardRatio;
    private readonly bool _linksVisitors = options.Value.LinkVisitors;

    /// <summary>Says on the request's own span which engine it is for.</summary>
    public void Admitted(HttpContext context, Admission admission)
    {
        if (Activity.Current is not { IsAllDataRequested: true } span)
            return;
        span.DisplayName = context.Request.Method + " engine";
        span.SetTag("aigc.engine.id", admission.Engine.Id.Value).SetTag("aigc.engine.host", admission.Engine.Route.Host);
        var headers = context.Request.Headers;
        if (_linksVisitors && ActivityContext.TryParse(headers.TraceParent, headers.TraceState, isRemote: true, out var visitor))
            span.AddLink(new(visitor));
    }

    /// <summary>The span of one attempt to forward; null: nobody traces this one.</summary>
    /// <param name="waited">Whether the request was held for its engine.</param>
    public Activity? BeginForward(HttpContext context, Admission admission, string target, bool waited)
    {
        if (!ProxyMetrics.Source.HasListeners())
            return null;
        if (!waited && _ratio < 1 && Random.Shared.NextDouble() >= _ratio && Activity.Current is { } request)
        {
            Keep(request, false);
            return null;
        }
        var span = ProxyMetrics.Source.StartActivity("forward", ActivityKind.Client);
        if (span is { IsAllDataRequested: true })
        {
            var engine = new Uri(target);
            span.SetTag("http.request.method", context.Request.Method).SetTag("server.address", engine.Host).SetTag("server.port", engine.Port);
            span.SetTag("aigc.engine.id", admission.Engine.Id.Value).SetTag("aigc.engine.host", admission.Engine.Route.Host);
        }
        return span;
    }

    public static void EndForward(Activity? span, HttpContext context, ForwarderError error)
    {
        // A request that was left out is told after all when it fails.
        if (error != ForwarderError.None && span is null && Activity.Current is { } request && ProxyMetrics.Source.HasListeners())
            Keep(request, true);
        if (span is not { IsAllDataRequested: true })
            return;
        if (error == ForwarderError.None)
            span.SetTag("http.response.status_code", context.Response.StatusCode);
        else
            span.SetStatus(ActivityStatusCode.Error).SetTag("error.type", error.ToString());
    }

    // Exporters look at the flag when the span ends.
    private static void Keep(Activity span, bool keep) => span.ActivityTraceFlags = keep
        ? span.ActivityTraceFlags | ActivityTraceFlags.Recorded
        : span.ActivityTraceFlags & ~ActivityTraceFlags.Recorded;
}
