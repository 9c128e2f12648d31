using System.Text.Json;
using System.Text.Json.Nodes;
using Aigc.KubeSim.Api;
using Aigc.KubeSim.Objects;

namespace Aigc.KubeSim.Schemas;

/// <summary>Reads an object as the server's own types would: fields they don't have are dropped, values of another type refused.</summary>
internal static class Pruning
{
    public static void Prune(ResourceType type, JsonObject content)
    {
        // Both say what the schema is asked for.
        var (apiVersion, kind) = (content["apiVersion"]?.DeepClone(), content["kind"]?.DeepClone());
        Struct(content, Schema.Of(type), type, "");
        (content["apiVersion"], content["kind"]) = (apiVersion, kind);
    }

    private static void Struct(JsonObject content, FieldType type, ResourceType root, string path)
    {
        foreach (var (name, value) in content.ToList())
        {
            if (Schema.Instance.Field(type, name) is not { } field)
                content.Remove(name);
            else if (value is null)
            {
                // Null is a field that is not there, but for the entries of a map.
                if (type.Shape == Shape.Struct)
                    content.Remove(name);
            }
            else
                Check(value, field, root, $"{path}.{name}");
        }
    }

    private static void Check(JsonNode value, FieldType type, ResourceType root, string path)
    {
        switch (type.Shape)
        {
            case Shape.Any:
                return;
            case Shape.Struct or Shape.Map:
                Struct(value as JsonObject ?? throw Wrong(root, path, "object"), type, root, path);
                return;
            case Shape.List:
                foreach (var item in value as JsonArray ?? throw Wrong(root, path, "array"))
                {
                    if (item is not null)
                        Check(item, type.Item!, root, $"{path}[]");
                }

                return;
            default:
                if (value is not JsonValue scalar || !Fits(scalar.GetValueKind(), type.Name))
                    throw Wrong(root, path, type.Name);
                return;
        }
    }

    private static bool Fits(JsonValueKind kind, string type) => type switch
    {
        "integer" or "number" => kind == JsonValueKind.Number,
        "boolean" => kind is JsonValueKind.True or JsonValueKind.False,
        "quantity" or "intorstring" => kind is JsonValueKind.Number or JsonValueKind.String,
        _ => kind == JsonValueKind.String,
    };

    private static ApiException Wrong(ResourceType type, string path, string expected) => ApiException.BadRequest(
        $"{type.Kind} in version \"{type.Version}\" cannot be handled as a {type.Kind}: {path.TrimStart('.')}: expected {expected}");
}
