using System.Text.Json.Nodes;
using Aigc.KubeSim.Objects;

namespace Aigc.KubeSim.Api;

/// <summary>How many replicas a workload has, as an object of its own.</summary>
internal static class Scales
{
    public static JsonObject Of(JsonObject workload)
    {
        var metadata = new JsonObject();
        foreach (var name in new[] { "name", "namespace", "uid", "resourceVersion", "creationTimestamp" })
            metadata[name] = workload.At("metadata", name)?.DeepClone();
        var replicas = workload.Number("spec", "replicas") ?? 0;
        return new()
        {
            ["kind"] = "Scale",
            ["apiVersion"] = "autoscaling/v1",
            ["metadata"] = metadata,
            // The server's type leaves a zero out.
            ["spec"] = replicas == 0 ? [] : new JsonObject { ["replicas"] = replicas },
            ["status"] = new JsonObject
            {
                ["replicas"] = workload.Number("status", "replicas") ?? 0,
                ["selector"] = string.Join(",", workload.Map("spec", "selector", "matchLabels").OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => $"{label.Key}={label.Value}")),
            },
        };
    }

    /// <summary>The workload as that scale wants it.</summary>
    public static JsonObject Set(JsonObject workload, JsonObject scale)
    {
        foreach (var name in new[] { "uid", "resourceVersion" })
        {
            if (scale.At("metadata", name) is { } value)
                workload["metadata"]![name] = value.DeepClone();
        }

        workload["spec"]!["replicas"] = scale.Number("spec", "replicas") ?? 0;
        return workload;
    }
}
