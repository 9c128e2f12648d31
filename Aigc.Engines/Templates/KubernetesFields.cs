using System.Text.Json;
using System.Text.RegularExpressions;

namespace Aigc.Engines.Templates;

/// <summary>How an engine runs in a cluster. What Kubernetes itself checks is left to it; what would be dangerous is not.</summary>
internal static partial class KubernetesFields
{
    private static readonly string[] AccessModes = ["ReadWriteOnce", "ReadWriteOncePod", "ReadWriteMany"];

    public static KubernetesRuntime Read(FieldReader fields, PodAllowance allowance)
    {
        fields.Allow("port", "volume", "pod");
        if (!fields.Has("port"))
            fields.Wrong("port", "is missing; it is where the engine listens in its pod, such as 7860.");
        return new(
            fields.Number("port", 1, 65535) ?? 0,
            fields.Map("volume") is { } volume ? Volume(volume) : null,
            Pod(fields, allowance));
    }

    internal static bool IsSize(string text) => SizePattern().IsMatch(text);

    private static KubernetesVolume Volume(FieldReader fields)
    {
        fields.Allow("size", "class", "mountPath", "accessMode");
        return new(
            fields.Text("size", SizePattern().IsMatch, "write a size such as 20Gi.", "it is the size of the engine's disk, such as 20Gi.") ?? "",
            fields.Text("class", ClassPattern().IsMatch, "write the name of a StorageClass."),
            fields.Text("mountPath", PathPattern().IsMatch, "write an absolute path in the container, such as /data.",
                "it is where the engine finds its disk, such as /data.") ?? "",
            fields.Text("accessMode", AccessModes.Contains, $"choose one of {string.Join(", ", AccessModes)}.") ?? AccessModes[0]);
    }

    private static JsonElement Pod(FieldReader fields, PodAllowance allowance)
    {
        if (fields.Node("pod", "it is an ordinary pod template, with spec.containers.") is not { } node || fields.Map("pod") is not { } pod)
            return default;
        pod.Allow("metadata", "spec");
        var places = new Dictionary<string, YamlNode>(StringComparer.Ordinal);
        var json = JsonSerializer.SerializeToElement(YamlJson.From(node, places));
        foreach (var (path, message) in PodRules.Violations(json, allowance))
            pod.WrongAt(Nearest(places, path) ?? node, path, message);
        return json;
    }

    /// <summary>What is missing has no place of its own; what it is missing in has.</summary>
    internal static YamlNode? Nearest(Dictionary<string, YamlNode> places, string path)
    {
        for (var at = path; at.Length > 0; at = at[..Math.Max(at.LastIndexOf('.'), 0)])
        {
            if (places.TryGetValue(at, out var place))
                return place;
        }

        return null;
    }

    [GeneratedRegex(@"\A[1-9][0-9]{0,9}(?:[KMGTP]i|[kMGTP])?\z")]
    private static partial Regex SizePattern();

    [GeneratedRegex(@"\A[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?\z")]
    private static partial Regex ClassPattern();

    [GeneratedRegex(@"\A/(?!/)[!-9;-~]{1,499}\z")]
    private static partial Regex PathPattern();
}
