using System.Text.Json.Nodes;

namespace Aspire.Hosting.Publishing.Charts;

/// <summary>Kinds whose fields here mean the same in an older version, for clusters that lack the current one.</summary>
/// <param name="Since">The version of Kubernetes that has the current one.</param>
internal sealed record OlderVersions(string Kind, string Current, string Older, Version Since)
{
    private static readonly OlderVersions[] All =
    [
        new("PodDisruptionBudget", "policy/v1", "policy/v1beta1", new(1, 21)),
        new("HorizontalPodAutoscaler", "autoscaling/v2", "autoscaling/v2beta2", new(1, 23)),
    ];

    public static OlderVersions? Of(JsonObject content) => All.FirstOrDefault(version =>
        version.Kind == content["kind"]?.GetValue<string>() && version.Current == content["apiVersion"]?.GetValue<string>());
}
