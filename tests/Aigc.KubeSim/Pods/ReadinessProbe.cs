using System.Text.Json.Nodes;
using Aigc.KubeSim.Objects;

namespace Aigc.KubeSim.Pods;

/// <summary>Asks the first container's readiness probe, where it is one by HTTP.</summary>
internal sealed class ReadinessProbe
{
    private static readonly HttpClient Http = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { Timeout = TimeSpan.FromSeconds(1) };

    private readonly Uri? _address;

    /// <param name="address">Null when no process runs that could be asked.</param>
    public ReadinessProbe(JsonObject pod, string? address)
    {
        var container = pod.Each("spec", "containers").First();
        if (address is null || container.At("readinessProbe", "httpGet") is not { } get)
            return;
        var port = get.Number("port") ?? container.Each("ports").FirstOrDefault(one => one.Text("name") == get.Text("port")).Number("containerPort") ?? 80;
        _address = new($"http://{address}:{port}{get.Text("path") ?? "/"}");
    }

    public async Task<bool> AskAsync(CancellationToken cancellationToken)
    {
        if (_address is null)
            return true;
        try
        {
            using var answer = await Http.GetAsync(_address, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return (int)answer.StatusCode < 400;
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // Whatever it was, the next time may be better.
            return false;
        }
    }
}
