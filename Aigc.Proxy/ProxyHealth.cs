using Aigc.Proxy.Routes;

namespace Aigc.Proxy;

/// <summary><c>/alive</c>: the process runs. <c>/health</c>: people can be served; else what is missing.</summary>
public sealed class ProxyHealth(GatewayApi api, RouteTable routes, TimeProvider time) : IDisposable
{
    /// <summary>Probes and orchestrators ask often; the API is asked at most this often.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _asking = new(1, 1);
    private bool _apiHealthy;
    private long _askedAt;

    public static bool Answers(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) && request.Path.Value is "/health" or "/alive";

    public async Task ServeAsync(HttpContext context)
    {
        var missing = new List<string>();
        if (context.Request.Path == "/health")
        {
            if (!routes.Complete)
                missing.Add("The session tracker has not told of its engines yet.");
            if (!await IsApiHealthyAsync(context.RequestAborted))
                missing.Add("The API does not answer its health check.");
        }
        context.Response.StatusCode = missing.Count == 0 ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        context.Response.Headers.CacheControl = "no-store";
        await context.Response.WriteAsJsonAsync(new { status = missing.Count == 0 ? "Healthy" : "Unhealthy", missing }, context.RequestAborted);
    }

    private async Task<bool> IsApiHealthyAsync(CancellationToken cancellationToken)
    {
        await _asking.WaitAsync(cancellationToken);
        try
        {
            if (_askedAt != 0 && time.GetElapsedTime(_askedAt) < Lifetime)
                return _apiHealthy;
            using var patience = new CancellationTokenSource(Patience, time);
            _apiHealthy = await AskAsync(patience.Token);
            _askedAt = time.GetTimestamp();
            return _apiHealthy;
        }
        finally
        {
            _asking.Release();
        }
    }

    public void Dispose() => _asking.Dispose();

    private async Task<bool> AskAsync(CancellationToken patience)
    {
        try
        {
            return await api.IsHealthyAsync(patience);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }
}
