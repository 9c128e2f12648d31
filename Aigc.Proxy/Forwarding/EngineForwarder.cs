using System.Net;
using Aigc.Engines.Gateway;
using Aigc.Proxy.Answers;
using Aigc.Proxy.Gate;
using Aigc.Proxy.Signing;
using Aigc.Proxy.Tracing;
using Microsoft.Extensions.Options;
using Yarp.ReverseProxy.Forwarder;

namespace Aigc.Proxy.Forwarding;

/// <summary>Sends a request to a ready engine, and says so when nobody answered there.</summary>
public sealed partial class EngineForwarder(
    IHttpForwarder forwarder, IdentityTokens identities, IOptions<GatewayOptions> options, ProxyMetrics metrics, RequestTraces traces, ILogger<EngineForwarder> logger) : IDisposable
{
    private readonly HttpMessageInvoker _client = ForwardingClient.Create();
    private readonly string _scheme = options.Value.PublicUrl.Scheme;

    /// <summary>False: no connection came about, nothing was sent, and the request is as good as new.</summary>
    /// <param name="waited">Whether the request was held until its engine had woken.</param>
    public async ValueTask<bool> TryForwardAsync(HttpContext context, Admission admission, string target, bool waited)
    {
        using var span = traces.BeginForward(context, admission, target, waited);
        var identity = identities.For(admission);
        using var request = new EngineRequest(context, admission, target, _scheme, identity, admission.Engine.Gone);
        request.Begin();
        var error = await forwarder.SendAsync(context, target, _client, ForwardingClient.Config, request);
        RequestTraces.EndForward(span, context, error);
        if (error == ForwarderError.None)
        {
            metrics.Forwarded(waited);
            return true;
        }
        return await HandleAsync(context, admission, error);
    }

    private async ValueTask<bool> HandleAsync(HttpContext context, Admission admission, ForwarderError error)
    {
        metrics.ForwardFailed(error);
        // Once the answer has begun, YARP has broken it off: a truncated answer never looks complete.
        if (context.Response.HasStarted || context.RequestAborted.IsCancellationRequested)
        {
            metrics.Broken(left: context.RequestAborted.IsCancellationRequested);
            return true;
        }
        var exception = context.Features.Get<IForwarderErrorFeature>()?.Exception;
        context.Response.Clear();
        context.Response.StatusCode = StatusCodes.Status200OK;
        // Without a limit on the activity, only the connection attempt times out.
        if (error == ForwarderError.RequestTimedOut || IsConnectFailure(exception))
        {
            Log.Unreachable(logger, admission.Engine.Id.Value, exception?.Message);
            return false;
        }
        if (error == ForwarderError.RequestBodyClient)
        {
            await Problems.Answer(context, Problems.BrokenBody);
            return true;
        }
        Log.Dropped(logger, exception, admission.Engine.Id.Value, error);
        await Problems.Answer(context, Problems.EngineDropped);
        return true;
    }

    private static bool IsConnectFailure(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
            if (exception is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError, StatusCode: null })
                return true;
        return false;
    }

    public void Dispose() => _client.Dispose();

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Engine {Engine} could not be reached: {Message}")]
        public static partial void Unreachable(ILogger logger, string engine, string? message);

        [LoggerMessage(2, LogLevel.Warning, "Engine {Engine} dropped a request: {Error}")]
        public static partial void Dropped(ILogger logger, Exception? exception, string engine, ForwarderError error);
    }
}
