using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aigc.KubeSim.Objects;

namespace Aigc.KubeSim.Api;

/// <summary>Where the next page begins, and of which moment it is.</summary>
internal static class ContinueToken
{
    public static string Write(long version, string start) => Convert.ToBase64String(
        Encoding.UTF8.GetBytes(new JsonObject { ["v"] = "meta.k8s.io/v1", ["rv"] = version, ["start"] = start }.ToJsonString())).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    /// <returns>A version below zero: as it is now.</returns>
    public static (long? Version, string Start) Read(string token)
    {
        try
        {
            var padded = token.Replace('-', '+').Replace('_', '/') + new string('=', (4 - (token.Length % 4)) % 4);
            var json = JsonNode.Parse(Convert.FromBase64String(padded));
            if (json.Text("v") is var kind && kind != "meta.k8s.io/v1")
                throw ApiException.BadRequest($"invalid continue token: continue key is not valid: server does not recognize this encoded version \"{kind}\"");
            return (json.Number("rv") is > 0 and var version ? version : null, json.Text("start") ?? "");
        }
        catch (Exception exception) when (exception is FormatException or JsonException)
        {
            throw ApiException.BadRequest($"invalid continue token: continue key is not valid: {exception.Message}");
        }
    }
}
