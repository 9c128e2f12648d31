using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Aigc.DevIdentity.Signing;

/// <summary>Writes RS256 tokens, and reads those of its own back. Everybody else checks them against <c>/jwks</c>.</summary>
internal sealed class Jwt(SigningKey key)
{
    public string Write(string type, JsonObject claims)
    {
        var header = new JsonObject { ["alg"] = "RS256", ["typ"] = type, ["kid"] = key.Id };
        var signed = $"{Encode(header)}.{Encode(claims)}";
        return $"{signed}.{Base64Url.EncodeToString(key.Sign(Encoding.ASCII.GetBytes(signed)))}";
    }

    /// <summary>The claims, expired or not; null unless we signed exactly this type of token.</summary>
    public JsonObject? Read(string? token, string type)
    {
        if (token?.Split('.') is not [var header, var claims, var signature])
            return null;
        try
        {
            var isOurs = key.Verify(Encoding.ASCII.GetBytes($"{header}.{claims}"), Base64Url.DecodeFromChars(signature));
            return isOurs && (string?)Decode(header)?["typ"] == type ? Decode(claims) : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static string Encode(JsonObject json) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(json));

    private static JsonObject? Decode(string part) => JsonNode.Parse(Base64Url.DecodeFromChars(part)) as JsonObject;
}
