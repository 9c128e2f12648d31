using System.Text.Json;
using Aigc.Engines.Templates;

namespace Aigc.Worker.Probes;

public enum Busyness
{
    /// <summary>No answer that says either. Holds the engine awake, up to <see cref="BusyProbe.UnknownLimit"/>.</summary>
    Unknown,
    Idle,
    Busy,
}

/// <param name="Detail">For people: "answered 401".</param>
/// <param name="Count">How much it has done since its start; null: it does not say.</param>
public sealed record BusyAnswer(Busyness State, string Detail, long? Count = null);

/// <summary>Asks an engine whether it works on something. Whatever the engine does is an answer; only cancellation is thrown.</summary>
public sealed class BusyProber(ProbeClient client)
{
    public async Task<BusyAnswer> ProbeAsync(Uri address, BusyProbe probe, CancellationToken ct)
    {
        using var timer = client.Timer(null);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, ct);
        try
        {
            using var response = await client.GetAsync(address, PathOf(probe), HttpCompletionOption.ResponseContentRead, both.Token);
            if (!response.IsSuccessStatusCode)
                return new(Busyness.Unknown, $"answered {(int)response.StatusCode}");
            using var json = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(both.Token));
            return BusyRules.Judge(probe, json.RootElement) with { Count = BusyRules.Count(probe, json.RootElement) };
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new(Busyness.Unknown, "did not answer in time");
        }
        catch (JsonException)
        {
            return new(Busyness.Unknown, "answered something that is not JSON");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or UriFormatException)
        {
            return new(Busyness.Unknown, $"could not be asked: {e.Message}");
        }
    }

    private static string PathOf(BusyProbe probe) => probe.Kind switch
    {
        BusyProbeKind.A1111 => "/sdapi/v1/progress",
        BusyProbeKind.ComfyUi => "/queue",
        _ => probe.Path ?? "/",
    };
}
