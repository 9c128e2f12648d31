using Aigc.Engines.Tracking;
using Aigc.Proxy.Routes;

namespace Aigc.Proxy;

/// <summary><c>/alive</c>: the process runs. <c>/health</c>: people can be served; else, or if not as well as usual, what is missing.</summary>
public sealed class ProxyHealth(GatewayApi api, RouteTable routes, TimeProvider time, TrackerStatus? tracker = null) : IDisposable
{
    /// <summary>Probes and orchestrators ask often; the API is asked at most this often.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _asking = new(1, 1);
    private bool _apiHealthy;
    private bool _apiWasHealthy;
    private long _askedAt;

    public static bool Answers(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) && request.Path.Value is "/health" or "/alive";

    public async Task ServeAsync(HttpContext context)
    {
        // Without the tracker a proxy goes on with what it knows: that is worth a word, not its place among the proxies.
        var (missing, lacking) = (new List<string>(), new List<string>());
        if (context.Request.Path == "/health")
        {
            if (!routes.Told)
                missing.Add("The session tracker has not told of its engines yet.");
            // One that has been there may be away: who works at a ready engine goes on, so this proxy keeps its place.
            if (!await IsApiHealthyAsync(context.RequestAborted))
                (_apiWasHealthy ? lacking : missing).Add("The API does not answer its health check.");
            if (routes is { Told: true, Complete: false })
                lacking.Add("No worker has told the session tracker of its engines since that is new or was emptied.");
            if (tracker?.Trouble is { } trouble)
                lacking.Add(trouble);
        }
        var status = missing.Count > 0 ? "Unhealthy" : lacking.Count > 0 ? "Degraded" : "Healthy";
        context.Response.StatusCode = missing.Count == 0 ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        context.Response.Headers.CacheControl = "no-store";
        await context.Response.WriteAsJsonAsync(new { status, missing = missing.Concat(lacking) }, context.RequestAborted);
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
            _apiWasHealthy |= _apiHealthy;
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
