using System.Text.Json;
using System.Text.Json.Serialization;

namespace Aigc.Engines.Templates;

/// <summary>Templates as JSON, for storage: camelCase, durations as <c>hh:mm:ss</c>, enums by name.</summary>
public static class TemplateJson
{
    // By reflection: generated code would give null, not its default, to a property that an older row lacks.
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter() },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        RespectNullableAnnotations = true,
    };

    public static string Write(Template template) => JsonSerializer.Serialize(template, Options);

    /// <exception cref="JsonException">It was not written by <see cref="Write"/>.</exception>
    public static Template Read(string json) =>
        JsonSerializer.Deserialize<Template>(json, Options) ?? throw new JsonException("A stored template is never null.");
}
