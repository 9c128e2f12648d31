using System.Text.Json.Serialization;

namespace Aspire.Hosting.Kubernetes.Resources;

/// <summary>An object of a cluster. Properties are its fields, in camel case.</summary>
public abstract class BaseKubernetesResource(string apiVersion, string kind)
{
    [JsonPropertyOrder(-3)]
    public string ApiVersion { get; set; } = apiVersion;

    [JsonPropertyOrder(-2)]
    public string Kind { get; set; } = kind;

    [JsonPropertyOrder(-1)]
    public ObjectMetaV1 Metadata { get; set; } = new();
}

public sealed class ObjectMetaV1
{
    public string? Name { get; set; }

    public string? Namespace { get; set; }

    public Dictionary<string, string> Labels { get; set; } = [];

    public Dictionary<string, string> Annotations { get; set; } = [];
}

public sealed class LabelSelectorV1
{
    public Dictionary<string, string> MatchLabels { get; set; } = [];
}
