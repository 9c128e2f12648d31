using System.Net.Sockets;
using System.Text.Json;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.Templates;
using Microsoft.Extensions.Options;

namespace Aigc.Worker.Probes;

public enum Busyness
{
    /// <summary>An answer that says neither. Holds the engine awake, up to a limit.</summary>
    Unknown,
    Idle,
    Busy,

    /// <summary>No answer. Holds the engine awake, up to a limit of its own.</summary>
    Failed,
}

/// <param name="Detail">For people: "answered 401".</param>
/// <param name="Jobs">How many, where the answer counts them; of a GPU the percentage at work.</param>
/// <param name="Count">How much it has done since its start; null: it does not say.</param>
public sealed record BusyAnswer(Busyness State, string Detail, int? Jobs = null, long? Count = null);

/// <summary>Asks an engine whether it works on something. Whatever the engine does is an answer; only cancellation is thrown.</summary>
public sealed class BusyProber(ProbeClient client, GpuReadings gpus, IOptions<ProbeOptions> options)
{
    public async Task<BusyAnswer> ProbeAsync(EngineId engine, Uri address, BusyProbe probe, CancellationToken ct)
    {
        using var timer = client.Timer(null);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, ct);
        try
        {
            return probe.Kind switch
            {
                BusyProbeKind.Tcp => await ConnectAsync(address.Host, probe.Port ?? address.Port, both.Token),
                BusyProbeKind.Dcgm => await gpus.AskAsync(engine, probe, Headers(probe), both.Token),
                _ => await GetAsync(address, probe, both.Token),
            };
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new(Busyness.Failed, "did not answer in time");
        }
        catch (MissingVariableException missing)
        {
            return new(Busyness.Unknown, missing.Message);
        }
        catch (JsonException)
        {
            return new(Busyness.Unknown, "answered something that is not JSON");
        }
        catch (HttpRequestException e) when (e.HttpRequestError is HttpRequestError.ConfigurationLimitExceeded)
        {
            return new(Busyness.Unknown, "answered more than 1 MB");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException or UriFormatException)
        {
            return new(Busyness.Failed, $"could not be asked: {e.Message}");
        }
    }

    private async Task<BusyAnswer> GetAsync(Uri address, BusyProbe probe, CancellationToken ct)
    {
        using var response = await client.GetAsync(new(address, PathOf(probe)), Headers(probe), HttpCompletionOption.ResponseContentRead, ct);
        if ((int)response.StatusCode is 401 or 403)
            return new(Busyness.Unknown, $"answered {(int)response.StatusCode}: it needs the engine's own sign-in");
        if (!response.IsSuccessStatusCode)
            return new(Busyness.Unknown, $"answered {(int)response.StatusCode}");
        using var json = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(ct));
        return BusyRules.Judge(probe, json.RootElement) with { Count = BusyRules.Count(probe, json.RootElement) };
    }

    private static async Task<BusyAnswer> ConnectAsync(string host, int port, CancellationToken ct)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(host, port, ct);
            return new(Busyness.Busy, $"port {port} accepts connections");
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionRefused)
        {
            return new(Busyness.Idle, "works on nothing");
        }
    }

    /// <exception cref="MissingVariableException">The operator has not given one of the variables.</exception>
    private List<KeyValuePair<string, string>> Headers(BusyProbe probe)
    {
        var headers = new List<KeyValuePair<string, string>>();
        foreach (var (name, value) in probe.Headers ?? new Dictionary<string, string>())
        {
            headers.Add(new(name, Placeholders.Fill(value, options.Value.Variables, out var missing)));
            if (missing.Count > 0)
                throw new MissingVariableException($"needs the setting Probes:Variables:{missing[0]}");
        }

        return headers;
    }

    private static string PathOf(BusyProbe probe) => probe.Kind switch
    {
        BusyProbeKind.A1111 => "/sdapi/v1/progress",
        BusyProbeKind.ComfyUi => "/queue",
        _ => probe.Path ?? "/",
    };

    private sealed class MissingVariableException(string message) : Exception(message);
}
