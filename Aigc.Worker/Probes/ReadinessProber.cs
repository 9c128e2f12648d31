using System.Net.Sockets;
using Aigc.Engines.Templates;

namespace Aigc.Worker.Probes;

public enum Readiness
{
    NotListening,

    /// <summary>Something listens, but does not serve yet.</summary>
    Loading,
    Ready,
}

/// <param name="Detail">For people: "answered 503".</param>
public sealed record ReadinessAnswer(Readiness State, string Detail);

/// <summary>Asks once whether an engine can be shown to people. Whatever the engine does is an answer; only cancellation is thrown.</summary>
public sealed class ReadinessProber(ProbeClient client)
{
    public async Task<ReadinessAnswer> ProbeAsync(Uri address, ReadinessProbe probe, CancellationToken ct)
    {
        using var timer = client.Timer(probe.Timeout);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, ct);
        try
        {
            return probe.Path is null
                ? await ConnectAsync(address, both.Token)
                : await GetAsync(address, probe.Path, both.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new(Readiness.Loading, "did not answer in time");
        }
        catch (Exception e) when (SocketErrorOf(e) is SocketError.ConnectionRefused)
        {
            return new(Readiness.NotListening, "does not listen yet");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException or UriFormatException)
        {
            return new(Readiness.Loading, $"dropped the connection: {e.Message}");
        }
    }

    private static async Task<ReadinessAnswer> ConnectAsync(Uri address, CancellationToken ct)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(address.Host, address.Port, ct);
        return new(Readiness.Ready, "accepts connections");
    }

    private async Task<ReadinessAnswer> GetAsync(Uri address, string path, CancellationToken ct)
    {
        using var response = await client.GetAsync(address, path, HttpCompletionOption.ResponseHeadersRead, ct);
        var status = (int)response.StatusCode;
        return new(status < 400 ? Readiness.Ready : Readiness.Loading, $"answered {status}");
    }

    private static SocketError? SocketErrorOf(Exception? e) =>
        e is null ? null : e is SocketException socket ? socket.SocketErrorCode : SocketErrorOf(e.InnerException);
}
