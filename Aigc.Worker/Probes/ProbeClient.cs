namespace Aigc.Worker.Probes;

/// <summary>The HTTP client of all probes: it goes to the engine itself, keeps nothing and follows nothing.</summary>
public sealed class ProbeClient(TimeProvider time) : IDisposable
{
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(2);
    private const int MaxAnswerBytes = 1024 * 1024;

    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        // Ten probes a second would bury the wake they belong to.
        ActivityHeadersPropagator = null,
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
        MaxResponseContentBufferSize = MaxAnswerBytes,
    };

    /// <param name="completion">Whether the body is read too, up to 1 MB.</param>
    public Task<HttpResponseMessage> GetAsync(Uri address, string path, HttpCompletionOption completion, CancellationToken ct) =>
        GetAsync(new Uri(address, path), [], completion, ct);

    /// <param name="completion">Whether the body is read too, up to 1 MB.</param>
    public async Task<HttpResponseMessage> GetAsync(
        Uri address, IEnumerable<KeyValuePair<string, string>> headers, HttpCompletionOption completion, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await _http.SendAsync(request, completion, ct);
    }

    public CancellationTokenSource Timer(TimeSpan? timeout) => new(timeout ?? DefaultTimeout, time);

    public void Dispose() => _http.Dispose();
}
