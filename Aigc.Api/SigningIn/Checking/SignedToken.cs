using System.Buffers.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Aigc.Api.SigningIn.Checking;

/// <summary>
/// A token of a form that this gateway takes: a signed JWT in its one way to be written. Whatever else a library may
/// understand (encryption, compression, keys that a token brings along, members twice) is refused here, before it reaches one.
/// </summary>
public sealed record SignedToken(string Algorithm, string? KeyId, string? Type, JsonElement Payload, int SignatureLength)
{
    /// <summary>Far above any real token, and no burden to refuse.</summary>
    public const int Longest = 16 * 1024;

    /// <summary>The last second of the year 9999.</summary>
    private const long LastTime = 253_402_300_799;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 16 };

    private static readonly string[] Texts = ["iss", "sub", "azp", "nonce", "sid", "jti", "at_hash"];
    private static readonly string[] Times = ["exp", "nbf", "iat", "auth_time"];

    // b64 and zip change what is signed or read; enc is of encrypted tokens; crit names what must be understood, and nothing is.
    private static readonly string[] RefusedHeaders = ["crit", "b64", "zip", "enc"];

    /// <summary>Three parts, of bearable length.</summary>
    public static bool LooksLike(string token) => token.Length <= Longest && token.AsSpan().Count('.') == 2;

    public static SignedToken? Parse(string token)
    {
        if (!LooksLike(token))
            return null;
        var parts = token.Split('.');
        return Decode(parts[0]) is { } header && Decode(parts[1]) is { } payload && Decode(parts[2]) is { Length: > 0 } signature
            && Read(header) is { } head && Read(payload) is { } claims
            && !RefusedHeaders.Any(name => head.TryGetProperty(name, out _))
            && Text(head, "alg") is { } algorithm && HasTextOrNothing(head, "kid") && HasTextOrNothing(head, "typ")
            && Texts.All(name => HasTextOrNothing(claims, name)) && Times.All(name => HasTimeOrNothing(claims, name)) && HasAudience(claims)
                ? new(algorithm, Text(head, "kid"), Text(head, "typ"), claims, signature.Length)
                : null;
    }

    public string? Text(string name) => Text(Payload, name);

    public long? Time(string name) => Payload.TryGetProperty(name, out var value) ? value.GetInt64() : null;

    public IReadOnlyList<string> Audiences => Payload.GetProperty("aud") is { ValueKind: JsonValueKind.Array } several
        ? [.. several.EnumerateArray().Select(audience => audience.GetString()!)]
        : [Text(Payload, "aud")!];

    /// <summary>Base64url without padding, blanks or stray bits: one text for one value.</summary>
    private static byte[]? Decode(string part)
    {
        if (!Base64Url.IsValid(part))
            return null;
        var bytes = Base64Url.DecodeFromChars(part);
        return Base64Url.EncodeToString(bytes) == part ? bytes : null;
    }

    private static JsonElement? Read(byte[] json)
    {
        // Texts are read when they are asked for; what is no text would be found out only then.
        if (!Utf8.IsValid(json))
            return null;
        try
        {
            using var document = JsonDocument.Parse(json, Strict);
            return document.RootElement is { ValueKind: JsonValueKind.Object } root ? root.Clone() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static bool HasTextOrNothing(JsonElement json, string name) =>
        !json.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.String;

    private static bool HasTimeOrNothing(JsonElement json, string name) =>
        !json.TryGetProperty(name, out var value) || (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var time) && time is >= 0 and <= LastTime);

    private static bool HasAudience(JsonElement json) => json.TryGetProperty("aud", out var audience) && audience.ValueKind switch
    {
        JsonValueKind.String => true,
        JsonValueKind.Array => audience.GetArrayLength() > 0 && audience.EnumerateArray().All(one => one.ValueKind == JsonValueKind.String),
        _ => false,
    };
}
