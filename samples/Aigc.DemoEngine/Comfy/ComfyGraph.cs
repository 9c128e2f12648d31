using System.Text.Json;
using System.Text.Json.Nodes;
using Aigc.DemoEngine.Generating;

namespace Aigc.DemoEngine.Comfy;

/// <summary>Finds prompt, seed, steps and size in a graph of the usual text-to-image shape.</summary>
internal static class ComfyGraph
{
    public static (Order Order, JobGraph Graph) Read(JsonObject nodes, OrderFields fields)
    {
        var samplerId = IdOf(nodes, "KSampler");
        var sampler = samplerId is null ? null : Inputs(nodes, samplerId);
        fields.Require(sampler is not null, "KSampler", "is missing: the graph needs one such node");
        sampler ??= [];
        var text = Linked(nodes, sampler, "positive", fields);
        var latent = Linked(nodes, sampler, "latent_image", fields);
        var order = new Order(fields.Prompt(text, "text"), fields.Seed(sampler), fields.Steps(sampler),
            fields.Side(latent, "width"), fields.Side(latent, "height"), fields.Batch(latent, "batch_size"));
        var output = IdOf(nodes, "SaveImage") ?? IdOf(nodes, "PreviewImage") ?? samplerId ?? "";
        return (order, new(nodes, samplerId ?? "", output));
    }

    private static string? IdOf(JsonObject nodes, string classType) => nodes
        .Where(n => n.Value is JsonObject node && node["class_type"] is JsonValue type && type.TryGetValue(out string? name) && name == classType)
        .Select(n => n.Key).FirstOrDefault();

    private static JsonObject? Inputs(JsonObject nodes, string id) => (nodes[id] as JsonObject)?["inputs"] as JsonObject;

    /// <summary>A link is written as [node id, output index].</summary>
    private static JsonObject Linked(JsonObject nodes, JsonObject from, string input, OrderFields fields)
    {
        var inputs = from[input] is JsonArray { Count: 2 } link && link[0]?.GetValueKind() == JsonValueKind.String
            ? Inputs(nodes, link[0]!.GetValue<string>())
            : null;
        fields.Require(inputs is not null, input, "must link to a node of the graph");
        return inputs ?? [];
    }
}
