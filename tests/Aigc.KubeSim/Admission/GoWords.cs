using System.Text.Json.Nodes;
using Aigc.KubeSim.Objects;

namespace Aigc.KubeSim.Admission;

/// <summary>Some messages quote a value as the server's language prints it.</summary>
internal static class GoWords
{
    public static string Selector(JsonObject selector) =>
        $"v1.LabelSelector{{MatchLabels:{Map(selector.Map("matchLabels"))}, MatchExpressions:[]v1.LabelSelectorRequirement(nil)}}";

    public static string Map(Dictionary<string, string> map) => map.Count == 0
        ? "map[string]string(nil)"
        : $"map[string]string{{{string.Join(", ", map.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => $"\"{entry.Key}\":\"{entry.Value}\""))}}}";
}
