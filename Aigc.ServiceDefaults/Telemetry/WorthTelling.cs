using System.Diagnostics;
using OpenTelemetry.Trace;

namespace Aigc.ServiceDefaults.Telemetry;

/// <summary>Samples every trace but those that nobody asked for: health probes, and what a service asks of another by itself.</summary>
internal sealed class WorthTelling : Sampler
{
    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters) =>
        new(samplingParameters.Kind == ActivityKind.Client || IsProbe(samplingParameters.Tags) ? SamplingDecision.Drop : SamplingDecision.RecordAndSample);

    private static bool IsProbe(IEnumerable<KeyValuePair<string, object?>>? tags)
    {
        foreach (var (name, value) in tags ?? [])
            if (name == "url.path")
                return value is "/health" or "/alive";
        return false;
    }
}
