using System.Text.Json;
using Aigc.Engines.Pools;
using Microsoft.AspNetCore.Mvc;

namespace Aigc.Api.Dashboard.Pools;

/// <summary>The fields of a pool as a form has them: labels and tolerations are texts.</summary>
internal sealed record PoolForm(
    [FromForm] string? Name, [FromForm] string? Title, [FromForm] string? Resource, [FromForm] long? Capacity, [FromForm] long? UnitsPerGpu, [FromForm] int? StartsAtOnce,
    [FromForm] string? Spot, [FromForm] string? OnRequest, [FromForm] string? Machines, [FromForm] string? Tolerations)
{
    /// <param name="before">What the form does not show stays as it is.</param>
    public Pool ToPool(Pool? before) => new(Name?.Trim() ?? "", Resource?.Trim() ?? "", Capacity ?? -1, UnitsPerGpu ?? 1, Spot is not null, StartsAtOnce ?? 0)
    {
        Title = Title?.Trim() ?? "",
        OnRequest = OnRequest is not null,
        NodeSelector = LabelsOf(Machines),
        Tolerations = TolerationsOf(Tolerations),
        Idle = before?.Idle,
    };

    public static string Text(IReadOnlyDictionary<string, string> labels) => string.Join(' ', labels.Select(label => $"{label.Key}={label.Value}"));

    private static Dictionary<string, string> LabelsOf(string? text)
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var part in (text ?? "").Split([' ', ','], StringSplitOptions.RemoveEmptyEntries))
        {
            var label = part.Split('=', 2);
            // Without a value it is no label: the rules say so.
            labels[label[0]] = label.Length == 2 ? label[1] : "?";
        }

        return labels;
    }

    private static JsonElement? TolerationsOf(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return null;
        try
        {
            return JsonElement.Parse(text);
        }
        catch (JsonException)
        {
            // No list: the rules say so.
            return JsonElement.Parse("\"\"");
        }
    }
}
