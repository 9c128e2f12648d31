using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.Templates;
using Aigc.Worker.Kubernetes;
using Microsoft.Extensions.Options;

namespace Aigc.Worker.Probes;

/// <summary>How much the GPUs of engines' pods have to do, by the text of a DCGM exporter. Engines that ask within seconds of each other share one reading.</summary>
public sealed partial class GpuReadings(ProbeClient client, IOptions<ProbeOptions> options, TimeProvider time)
{
    private const int UsualThreshold = 5;
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<Uri, (string Text, long At)> _readings = new();

    public async Task<BusyAnswer> AskAsync(
        EngineId engine, BusyProbe probe, IEnumerable<KeyValuePair<string, string>> headers, CancellationToken ct)
    {
        if ((probe.Url is { } url ? new Uri(url) : options.Value.DcgmUrl) is not { } address)
            return new(Busyness.Unknown, "needs the setting Probes:DcgmUrl");
        if (!_readings.TryGetValue(address, out var reading) || time.GetElapsedTime(reading.At) > MaxAge)
        {
            using var response = await client.GetAsync(address, headers, HttpCompletionOption.ResponseContentRead, ct);
            if (!response.IsSuccessStatusCode)
                return new(Busyness.Unknown, $"the GPU metrics answered {(int)response.StatusCode}");
            reading = _readings[address] = (await response.Content.ReadAsStringAsync(ct), time.GetTimestamp());
        }

        return Judge(reading.Text, Marks.NameOf(engine), probe.Above ?? UsualThreshold);
    }

    /// <param name="deployment">Its pods begin with this name.</param>
    internal static BusyAnswer Judge(string text, string deployment, int above)
    {
        double? most = null;
        foreach (Match match in Sample().Matches(text))
        {
            if (PodOf(match.Groups["labels"].Value).StartsWith($"{deployment}-", StringComparison.Ordinal)
                && double.TryParse(match.Groups["value"].ValueSpan, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && !(value < most))
                most = value;
        }

        return most switch
        {
            null => new(Busyness.Unknown, "the metrics name no GPU of this engine's pod"),
            { } busy when busy > above => new(Busyness.Busy, $"its GPU is at {busy:0} %", (int)busy),
            { } idle => new(Busyness.Idle, $"its GPU is at {idle:0} %", (int)idle),
        };
    }

    /// <summary>Prometheus calls the label exported_pod where it has a pod of its own: the exporter's.</summary>
    private static string PodOf(string labels)
    {
        var pods = Pod().Matches(labels);
        return (pods.FirstOrDefault(pod => pod.Groups["exported"].Success) ?? pods.FirstOrDefault())?.Groups["pod"].Value ?? "";
    }

    [GeneratedRegex("""^DCGM_FI_DEV_GPU_UTIL\{(?<labels>[^}\n]*)\}\s+(?<value>[0-9.eE+]+)""", RegexOptions.Multiline)]
    private static partial Regex Sample();

    [GeneratedRegex("""(?<![A-Za-z0-9_])(?<exported>exported_)?pod="(?<pod>[^"]*)"(?:,|$)""")]
    private static partial Regex Pod();
}
