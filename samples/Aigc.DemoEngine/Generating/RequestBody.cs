using System.Text.Json;
using System.Text.Json.Nodes;

namespace Aigc.DemoEngine.Generating;

internal static class RequestBody
{
    /// <summary>The body as a JSON object; null for anything else. The media type is not looked at: many scripts send none.</summary>
    public static async Task<JsonObject?> ReadAsync(HttpRequest request)
    {
        try
        {
            return await JsonNode.ParseAsync(request.Body, cancellationToken: request.HttpContext.RequestAborted) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
