using System.Text.Json.Nodes;
using Aigc.KubeSim.Api;
using Aigc.KubeSim.Objects;

namespace Aigc.KubeSim.Watching;

/// <summary>Which labels are asked for.</summary>
internal sealed class LabelSelector(IReadOnlyList<LabelSelector.Requirement> requirements)
{
    public sealed record Requirement(string Key, string Operator, IReadOnlyList<string> Values);

    public bool Matches(IReadOnlyDictionary<string, string> labels) => requirements.All(one =>
    {
        var has = labels.TryGetValue(one.Key, out var value);
        return one.Operator switch
        {
            "In" => has && one.Values.Contains(value!),
            "NotIn" => !has || !one.Values.Contains(value!),
            "Exists" => has,
            _ => !has,
        };
    });

    /// <summary>As workloads hold it.</summary>
    public static LabelSelector Of(JsonNode? selector) => new(
    [
        .. selector.Map("matchLabels").Select(label => new Requirement(label.Key, "In", [label.Value])),
        .. selector.Each("matchExpressions").Select(one => new Requirement(one.Text("key") ?? "", one.Text("operator") ?? "", [.. one.Texts("values")])),
    ]);

    /// <summary>As requests have it: <c>a=b,c!=d,e in (f,g),h,!i</c>.</summary>
    public static LabelSelector Parse(string? text)
    {
        var requirements = new List<Requirement>();
        foreach (var part in Split(text ?? ""))
            requirements.Add(One(part.Trim()) ?? throw ApiException.BadRequest($"unable to parse requirement: found '{part}', expected: a label"));
        return new(requirements);
    }

    private static Requirement? One(string part)
    {
        foreach (var (sign, name) in new[] { ("!=", "NotIn"), ("==", "In"), ("=", "In") })
        {
            if (part.IndexOf(sign, StringComparison.Ordinal) is > 0 and var at)
                return new(part[..at].Trim(), name, [part[(at + sign.Length)..].Trim()]);
        }

        if (part.EndsWith(')') && part.IndexOf('(', StringComparison.Ordinal) is > 0 and var open)
        {
            var values = part[(open + 1)..^1].Split(',', StringSplitOptions.TrimEntries);
            return part[..open].Trim().Split(' ', StringSplitOptions.RemoveEmptyEntries) switch
            {
                [var key, "in"] => new(key, "In", values),
                [var key, "notin"] => new(key, "NotIn", values),
                _ => null,
            };
        }

        if (part.Contains(' ', StringComparison.Ordinal) || part.Length == 0)
            return null;
        return part[0] == '!' ? new(part[1..], "DoesNotExist", []) : new(part, "Exists", []);
    }

    private static List<string> Split(string text)
    {
        var parts = new List<string>();
        var (depth, start) = (0, 0);
        for (var index = 0; index <= text.Length; index++)
        {
            if (index < text.Length && text[index] is '(' or ')')
                depth += text[index] == '(' ? 1 : -1;
            if ((index == text.Length || text[index] == ',') && depth == 0)
            {
                if (index > start)
                    parts.Add(text[start..index]);
                start = index + 1;
            }
        }

        return parts;
    }
}
