using Aigc.Engines.Gateway;
using Aigc.Proxy.Answers;
using Aigc.Proxy.Gate;
using Aigc.Proxy.Limits;
using Aigc.Proxy.Tracing;
using Microsoft.Extensions.Options;
using Yarp.ReverseProxy.Forwarder;

namespace Aigc.Proxy.Forwarding;

/// <summary>Forwards the dashboard's host to the API, and in development <c>/identity</c> to the development identity provider.</summary>
public sealed class ApiForwarder(IHttpForwarder forwarder, Upstreams upstreams, AddressLimits limits, IOptions<GatewayOptions> options, ProxyMetrics metrics) : IDisposable
{
    private readonly HttpMessageInvoker _client = ForwardingClient.Create(new OwnTraces());
    private readonly Transformer _transformer = new(options.Value.PublicUrl.Scheme);

    public async Task ServeAsync(HttpContext context)
    {
        var path = context.Request.Path;
        if (IsInternal(path.Value))
        {
            await Problems.Answer(context, Problems.NoSuchPage);
            return;
        }
        if (IsForeign(context.Request))
        {
            await Problems.Answer(context, Problems.CrossSite);
            return;
        }
        if (limits.Dashboard(context) is { } pause)
        {
            await Problems.Answer(context, Problems.TooManyRequests(pause));
            return;
        }
        var target = upstreams.Identity is { } identity && path.StartsWithSegments("/identity", StringComparison.OrdinalIgnoreCase) ? identity : upstreams.Api;
        var error = await forwarder.SendAsync(context, target, _client, ForwardingClient.Config, _transformer);
        if (error == ForwarderError.None)
        {
            limits.Answered(context);
            return;
        }
        metrics.ForwardFailed(error);
        if (context.Response.HasStarted || context.RequestAborted.IsCancellationRequested)
            return;
        context.Response.Clear();
        await Problems.Answer(context, Problems.GatewayStarting);
    }

    /// <summary>What another origin's page asks for with its visitor's cookies, but for the answer that a provider lets a form bring.</summary>
    private static bool IsForeign(HttpRequest request) =>
        request.Headers is { Cookie.Count: > 0, Authorization.Count: 0 } && CrossSite.IsForeign(request) && request.Path != "/signin-oidc";

    /// <summary>The server has decoded the path and resolved its dots; what is left are slashes that a server behind could read differently.</summary>
    public static bool IsInternal(string? path)
    {
        var rest = path.AsSpan();
        while (true)
        {
            if (rest.StartsWith("/") || rest.StartsWith("\\"))
                rest = rest[1..];
            else if (rest.StartsWith("%2f", StringComparison.OrdinalIgnoreCase) || rest.StartsWith("%5c", StringComparison.OrdinalIgnoreCase))
                rest = rest[3..];
            else
                break;
        }
        return rest.StartsWith("internal", StringComparison.OrdinalIgnoreCase) && (rest.Length == 8 || !char.IsAsciiLetterOrDigit(rest[8]) && rest[8] is not ('-' or '_' or '.'));
    }

    public void Dispose() => _client.Dispose();

    private sealed class Transformer(string scheme) : HttpTransformer
    {
        public override async ValueTask TransformRequestAsync(
            HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
        {
            await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
            OwnTraces.Drop(proxyRequest.Headers);
            ForwardedHeaders.Set(httpContext, proxyRequest, scheme);
        }
    }
}
