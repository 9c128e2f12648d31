using System.Text.Json;
using System.Text.Json.Nodes;

namespace Aspire.Hosting.Publishing.Charts;

/// <summary><c>values.schema.json</c>: a misspelt or wrongly typed value is refused before anything is installed.</summary>
internal static class ValueSchema
{
    public static JsonObject Of(ChartValues values)
    {
        var schema = Of(values.Tree, "", values);
        schema.Insert(0, "$schema", "http://json-schema.org/draft-07/schema#");

        // Helm's own, for charts that hold this one.
        schema["properties"]!["global"] = new JsonObject { ["type"] = "object" };
        return schema;
    }

    private static JsonObject Of(JsonNode? value, string path, ChartValues values)
    {
        var schema = value switch
        {
            JsonObject { Count: 0 } => new JsonObject { ["type"] = "object" },
            JsonObject fields when IsOpen(path) => new JsonObject { ["type"] = "object", ["additionalProperties"] = Open(path) },
            JsonObject fields => Structure(fields, path, values),
            JsonArray => new JsonObject { ["type"] = "array" },
            _ => Scalar(value),
        };
        if (values.CommentOn(path) is { } comment) schema["description"] = comment;
        return schema;
    }

    private static JsonObject Structure(JsonObject fields, string path, ChartValues values) => new()
    {
        ["type"] = "object",
        ["additionalProperties"] = false,
        ["properties"] = new JsonObject(fields.Select(field =>
            KeyValuePair.Create(field.Key, (JsonNode?)Of(field.Value, path.Length == 0 ? field.Key : $"{path}.{field.Key}", values)))),
    };

    /// <summary>A service's settings and what it asks of machines: the keys are free.</summary>
    private static bool IsOpen(string path) => path.Split('.') is ["config", _] or [.., "requests"] or [.., "limits"];

    /// <summary>A setting is text; of a machine one may ask 1 GPU.</summary>
    private static JsonObject Open(string path) => new()
    {
        ["type"] = path.StartsWith("config.", StringComparison.Ordinal) ? "string" : new JsonArray("string", "integer"),
    };

    private static JsonObject Scalar(JsonNode? value) => value?.GetValueKind() switch
    {
        null => new() { ["type"] = new JsonArray("integer", "string", "null") },
        JsonValueKind.True or JsonValueKind.False => new() { ["type"] = "boolean" },
        JsonValueKind.Number => new() { ["type"] = "integer" },
        _ => new() { ["type"] = "string" },
    };
}
