using System.Net;
using Aigc.Disks;
using Aigc.Engines.Lifecycle;
using Aigc.Worker.Kubernetes.Client;

namespace Aigc.Worker.Kubernetes.Files;

/// <summary>Asks the container beside an engine. Whoever answers may be the engine itself: nothing of it is trusted.</summary>
internal sealed class DiskClient(DiskPods pods, DiskContainers containers, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>In KB.</summary>
    private const int LongestHeaders = 16;

    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        // Traces are none of an engine's business.
        ActivityHeadersPropagator = null,
        MaxResponseHeadersLength = LongestHeaders,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        // An upload that is refused is refused before it is sent.
        Expect100ContinueTimeout = TimeSpan.FromSeconds(5),
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(15),
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <param name="what"><c>files</c> or <c>files/content</c>.</param>
    /// <returns>An answer that is no error; its body has not been read.</returns>
    /// <exception cref="DiskException">It can't be done, and why.</exception>
    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, EngineId engine, string what, DiskPath path, Action<HttpRequestMessage>? prepare, CancellationToken ct)
    {
        if (!containers.AreOn)
            throw DiskTrouble.Off();
        using var request = new HttpRequestMessage(method, new Uri(await FindAsync(engine, ct), $"{what}?path={Uri.EscapeDataString(path.ToString())}"));
        request.Headers.Add(FileEndpoints.KeyHeader, containers.KeyOf(engine));
        prepare?.Invoke(request);
        try
        {
            var answer = await StartAsync(request, ct);
            if (DiskAnswer.IsFine(request, answer))
                return answer;
            using (answer)
                throw answer.StatusCode == HttpStatusCode.Unauthorized ? DiskTrouble.NeedsRestart() : await DiskAnswer.TroubleAsync(answer, path, ct);
        }
        catch (HttpRequestException exception)
        {
            // Put to sleep a moment ago, perhaps: then that is said.
            pods.Forget(engine);
            await FindAsync(engine, ct);
            throw DiskTrouble.Away(exception);
        }
    }

    /// <summary>An upload or a large folder's end takes as long as it takes; what is only read begins soon.</summary>
    private async Task<HttpResponseMessage> StartAsync(HttpRequestMessage request, CancellationToken ct)
    {
        using var patience = new CancellationTokenSource(request.Method == HttpMethod.Get ? Patience : Timeout.InfiniteTimeSpan, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, ct);
        try
        {
            return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
        }
        catch (OperationCanceledException exception) when (!ct.IsCancellationRequested)
        {
            throw DiskTrouble.Away(exception);
        }
    }

    private async Task<Uri> FindAsync(EngineId engine, CancellationToken ct)
    {
        try
        {
            return await pods.FindAsync(engine, ct);
        }
        catch (Exception exception) when (exception is HttpRequestException or KubernetesException { IsTransient: true })
        {
            throw DiskTrouble.ClusterAway(exception);
        }
    }

    public void Dispose() => _http.Dispose();
}
