using System.Text.Json;
using System.Text.Json.Serialization;
using Aigc.Engines.Lifecycle;

namespace Aigc.Engines.Storage;

/// <summary>An engine's outlook in its own row, <c>engines.outlook</c>.</summary>
internal static class OutlookColumn
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter() },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public static string Write(Outlook outlook) => JsonSerializer.Serialize(outlook, Options);

    /// <returns>Null also for one that a newer version of the worker wrote and this one can't read.</returns>
    public static Outlook? Read(string? json)
    {
        try
        {
            return json is null ? null : JsonSerializer.Deserialize<Outlook>(json, Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
