using System.Text.Json;
using System.Text.RegularExpressions;

namespace Aigc.Engines.Pools;

/// <summary>What a pool may be, so that it can be supplied and pods that ask for it can be placed.</summary>
public static partial class PoolRules
{
    public const int LongestTitle = 60;
    private const long LargestCapacity = 1_000_000_000;
    private const long LargestCard = 1_000_000;
    private const int MostStarts = 10_000;
    private const int MostLabels = 20;
    private static readonly string[] TolerationFields = ["key", "operator", "value", "effect", "tolerationSeconds"];

    public static bool IsName(string? name) => name is not null && NamePattern().IsMatch(name);

    /// <summary>What is wrong, each as a sentence that says what to write instead.</summary>
    public static IEnumerable<string> Violations(Pool pool)
    {
        if (!IsName(pool.Name))
            yield return "'name' takes lower-case letters, digits and hyphens, at most 30, beginning with a letter.";
        if (pool.Title.Length > LongestTitle || pool.Title.Any(char.IsControl))
            yield return $"'title' takes at most {LongestTitle} characters on one line.";
        if (!ResourcePattern().IsMatch(pool.Resource))
            yield return "'resource' is what pods ask for, such as nvidia.com/gpu or aliyun.com/gpu-mem.";
        if (pool.Capacity is < 0 or > LargestCapacity)
            yield return $"'capacity' is from 0 to {LargestCapacity} units of the resource.";
        if (pool.UnitsPerGpu is < 1 or > LargestCard)
            yield return $"'unitsPerGpu' is from 1 (whole cards) to {LargestCard}: how many units of the resource are one card.";
        if (pool.StartsAtOnce is < 0 or > MostStarts)
            yield return $"'startsAtOnce' is from 0 (any number) to {MostStarts}.";
        if (pool.NodeSelector.Count > MostLabels || pool.NodeSelector.Any(label => !ResourcePattern().IsMatch(label.Key) || !LabelPattern().IsMatch(label.Value)))
            yield return $"'nodeSelector' takes at most {MostLabels} labels of machines, such as {{\"gpu\": \"a100\"}}.";
        if (pool.Tolerations is { } tolerations && !AreTolerations(tolerations))
            yield return "'tolerations' takes a list as pods have it, such as [{\"key\": \"gpu\", \"operator\": \"Exists\", \"effect\": \"NoSchedule\"}].";
        if (pool.Idle is { ValueKind: not JsonValueKind.Object })
            yield return "'idle' takes the fields of an idle policy.";
    }

    private static bool AreTolerations(JsonElement list) => list.ValueKind == JsonValueKind.Array && list.EnumerateArray().All(one =>
        one.ValueKind == JsonValueKind.Object && one.EnumerateObject().All(field => TolerationFields.Contains(field.Name)
            && (field.Name == "tolerationSeconds" ? field.Value.TryGetInt64Strictly() : field.Value.ValueKind == JsonValueKind.String)));

    private static bool TryGetInt64Strictly(this JsonElement value) => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _);

    [GeneratedRegex(@"\A[a-z](?:[a-z0-9-]{0,28}[a-z0-9])?\z")]
    private static partial Regex NamePattern();

    /// <summary>A qualified name, as Kubernetes has it for resources and labels.</summary>
    [GeneratedRegex(@"\A(?:[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?/)?[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?\z")]
    private static partial Regex ResourcePattern();

    [GeneratedRegex(@"\A(?:[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?\z")]
    private static partial Regex LabelPattern();
}
