using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Aigc.KubeSim.Objects;

/// <summary>One version of an object. It never changes; whoever wants to change it reads a copy of its own.</summary>
internal sealed class StoredObject
{
    public StoredObject(ObjectKey key, long version, JsonObject content)
    {
        (Key, Version, Json) = (key, version, Encoding.UTF8.GetBytes(content.ToJsonString(Relaxed)));
        Uid = content.Text("metadata", "uid") ?? "";
        Labels = content.Map("metadata", "labels");
        Fields = SelectableFields.Of(key, content);
        Owners = [.. content.Each("metadata", "ownerReferences").Select(owner => owner.Text("uid") ?? "")];
        IsDeleting = content.At("metadata", "deletionTimestamp") is not null;
    }

    public static JsonSerializerOptions Relaxed { get; } = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public ObjectKey Key { get; }

    public long Version { get; }

    public ReadOnlyMemory<byte> Json { get; }

    public string Uid { get; }

    public IReadOnlyDictionary<string, string> Labels { get; }

    public IReadOnlyDictionary<string, string> Fields { get; }

    public IReadOnlyList<string> Owners { get; }

    public bool IsDeleting { get; }

    public JsonObject Read() => JsonNode.Parse(Json.Span)!.AsObject();
}
