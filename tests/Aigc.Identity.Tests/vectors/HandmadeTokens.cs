using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Aigc.Identity.Tests.Vectors;

public sealed record Vector(string Name, string Token, bool Good);

/// <summary>Tokens made by hand, with .NET's cryptography alone: some right, most wrong in one way each.</summary>
public sealed class HandmadeTokens(string issuer, string audience) : IDisposable
{
    private readonly RSA _rsa = RSA.Create(2048);
    private readonly RSA _other = RSA.Create(2048);
    private readonly ECDsa _p256 = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly ECDsa _p384 = ECDsa.Create(ECCurve.NamedCurves.nistP384);

    public JsonArray Keys() =>
    [
        Public(_rsa, "net-rsa"), Public(_other, "net-verify-not", ("key_ops", new JsonArray("encrypt"))), Public(_p256, "net-p256", "P-256"), Public(_p384, "net-p384", "P-384"),
    ];

    /// <summary>A good token with these claims more, or without those that are null.</summary>
    public string Sign(params ReadOnlySpan<(string Name, JsonNode? Value)> more) => Rsa(Claims(more));

    public IEnumerable<Vector> All()
    {
        var (rs, es) = ("""{"alg":"RS256","kid":"net-rsa"}""", """{"alg":"ES256","kid":"net-p256"}""");
        var claims = Claims();
        yield return new("RS256", Rsa(claims), true);
        yield return new("RS256 without a key id, which only one of the keys fits", Join("""{"alg":"RS256"}""", claims, Pkcs1), true);
        yield return new("PS256", Join("""{"alg":"PS256","kid":"net-rsa"}""", claims, data => _rsa.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pss)), true);
        yield return new("ES256", Join(es, claims, data => _p256.SignData(data, HashAlgorithmName.SHA256)), true);
        yield return new("ES384", Join("""{"alg":"ES384","kid":"net-p384"}""", claims, data => _p384.SignData(data, HashAlgorithmName.SHA384)), true);
        yield return new("a header with blanks in its JSON", Join("""{ "alg" : "RS256", "kid" : "net-rsa" }""", claims, Pkcs1), true);

        yield return new("ES256 in DER", Join(es, claims, data => _p256.SignData(data, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)), false);
        yield return new("ES256 with r = s = 0", Join(es, claims, _ => new byte[64]), false);
        yield return new("ES256 with an empty signature", Join(es, claims, _ => []), false);
        yield return new("ES256 with a signature of one byte more", Join(es, claims, data => [.. _p256.SignData(data, HashAlgorithmName.SHA256), 0]), false);
        yield return new("ES256 with a key of another curve", Join("""{"alg":"ES256","kid":"net-p384"}""", claims, data => _p384.SignData(data, HashAlgorithmName.SHA256)), false);
        yield return new("ES384 with a key of another curve", Join("""{"alg":"ES384","kid":"net-p256"}""", claims, data => _p256.SignData(data, HashAlgorithmName.SHA384)), false);
        yield return new("ES256 named, RSA signed", Join("""{"alg":"ES256","kid":"net-rsa"}""", claims, Pkcs1), false);
        yield return new("PS256 named, PKCS 1 padding", Join("""{"alg":"PS256","kid":"net-rsa"}""", claims, Pkcs1), false);
        yield return new("RS256 named, SHA-512 signed", Join(rs, claims, data => _rsa.SignData(data, HashAlgorithmName.SHA512, RSASignaturePadding.Pkcs1)), false);
        yield return new("RS256 with zeros for a signature", Join(rs, claims, _ => new byte[256]), false);
        yield return new("a key that is not for verifying", Join("""{"alg":"RS256","kid":"net-verify-not"}""", claims, data => _other.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)), false);
        foreach (var algorithm in new[] { "none", "None", "NONE", "", "HS256", "HS512", "RS1", "EdDSA", "rs256", "RS256 " })
            yield return new($"alg \"{algorithm}\"", Join($$"""{"alg":"{{algorithm}}","kid":"net-rsa"}""", claims, Pkcs1), false);
        yield return new("HS256 with the PEM public key as a secret", Join("""{"alg":"HS256","kid":"net-rsa"}""", claims, data => HMACSHA256.HashData(Encoding.ASCII.GetBytes(_rsa.ExportSubjectPublicKeyInfoPem()), data)), false);
        yield return new("HS256 with the DER public key as a secret", Join("""{"alg":"HS256","kid":"net-rsa"}""", claims, data => HMACSHA256.HashData(_rsa.ExportRSAPublicKey(), data)), false);
        yield return new("HS256 with no secret", Join("""{"alg":"HS256","kid":"net-rsa"}""", claims, data => HMACSHA256.HashData(Array.Empty<byte>(), data)), false);
        yield return new("alg that is no text", Join("""{"alg":256,"kid":"net-rsa"}""", claims, Pkcs1), false);
        yield return new("no alg", Join("""{"kid":"net-rsa"}""", claims, Pkcs1), false);
        yield return new("alg twice", Join("""{"alg":"none","alg":"RS256","kid":"net-rsa"}""", claims, Pkcs1), false);
        yield return new("crit empty", Join("""{"alg":"RS256","kid":"net-rsa","crit":[]}""", claims, Pkcs1), false);
        yield return new("crit unknown", Join("""{"alg":"RS256","kid":"net-rsa","crit":["exp"],"exp":1}""", claims, Pkcs1), false);
        yield return new("an unencoded payload (b64)", Join("""{"alg":"RS256","kid":"net-rsa","b64":false}""", claims, Pkcs1), false);
        yield return new("an embedded certificate chain of a stranger", Join("""{"alg":"RS256","kid":"elsewhere","x5c":["MIIB"]}""", claims, data => _other.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)), false);
        yield return new("a key id as a path", Join("""{"alg":"RS256","kid":"../../../../dev/null"}""", claims, Pkcs1), false);
        yield return new("the type of another kind of token", Join("""{"alg":"RS256","kid":"net-rsa","typ":"secevent+jwt"}""", claims, Pkcs1), false);
        yield return new("a header that is a list", Join("""["RS256"]""", claims, Pkcs1), false);
        yield return new("a header with text after it", Join("""{"alg":"RS256","kid":"net-rsa"}{}""", claims, Pkcs1), false);
        yield return new("a subject twice", Join(rs, claims.Insert(1, "\"sub\":\"admin\","), Pkcs1), false);
        yield return new("an end twice", Join(rs, claims.Insert(1, "\"exp\":99999999999,"), Pkcs1), false);
        yield return new("a payload that is text", Join(rs, "\"vera\"", Pkcs1), false);
        yield return new("a payload that is not UTF-8", Join(Encoding.UTF8.GetBytes(rs), [.. Encoding.UTF8.GetBytes(claims[..^1]), .. ",\"x\":\""u8, 0xFF, .. "\"}"u8], Pkcs1), false);
        yield return new("a payload with a byte order mark", Join(Encoding.UTF8.GetBytes(rs), [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(claims)], Pkcs1), false);
        yield return new("no payload", Join(rs, "", Pkcs1), false);
        yield return new("an end that is true", Rsa(Claims(("exp", true))), false);
        yield return new("an end with a fraction", Rsa(Claims(("exp", Now() + 600.5))), false);
        yield return new("an end in milliseconds", Rsa(Claims(("exp", (Now() + 600) * 1000))), false);
        yield return new("an end that is null", Join(rs, claims.Replace($"{Now() + 600}", "null", StringComparison.Ordinal), Pkcs1), false);
        yield return new("expired by two minutes", Rsa(Claims(("exp", Now() - 120))), false);
        yield return new("audiences with a number among them", Rsa(Claims(("aud", new JsonArray(audience, 7)))), false);
        yield return new("an audience in another case", Rsa(Claims(("aud", audience.ToUpperInvariant()))), false);
        yield return new("an issuer in another case", Rsa(Claims(("iss", issuer.ToUpperInvariant()))), false);

        var good = Rsa(claims);
        var parts = good.Split('.');
        yield return new("a dot before", $".{good}", false);
        yield return new("a dot after", $"{good}.", false);
        yield return new("a dot too few", $"{parts[0]}.{parts[1]}{parts[2]}", false);
        yield return new("five parts", $"{good}.{parts[1]}.{parts[2]}", false);
        yield return new("parts of two good tokens", $"{parts[0]}.{Rsa(Claims(("sub", "admin"))).Split('.')[1]}.{parts[2]}", false);
        yield return new("stray bits in the last character", $"{parts[0]}.{parts[1]}.{Astray(parts[2])}", false);
        yield return new("padding in the header", $"{parts[0]}=.{parts[1]}.{parts[2]}", false);
        yield return new("a percent-encoded dot", $"{parts[0]}%2E{parts[1]}.{parts[2]}", false);
        yield return new("one bit of the signature turned", $"{parts[0]}.{parts[1]}.{Turned(parts[2])}", false);
        yield return new("eighty kilobytes", Rsa(Claims(("filler", new string('x', 80_000)))), false);
    }

    public void Dispose()
    {
        _rsa.Dispose();
        _other.Dispose();
        _p256.Dispose();
        _p384.Dispose();
    }

    /// <summary>A token of any header and claims, signed with the first key.</summary>
    public string Make(string header, string claims) => Join(header, claims, Pkcs1);

    public string Claims(params ReadOnlySpan<(string Name, JsonNode? Value)> more)
    {
        var claims = new JsonObject { ["iss"] = issuer, ["aud"] = audience, ["sub"] = "vera", ["iat"] = Now(), ["exp"] = Now() + 600 };
        foreach (var (name, value) in more)
        {
            if (value is null)
                claims.Remove(name);
            else
                claims[name] = value.DeepClone();
        }

        return claims.ToJsonString();
    }

    public static long Now() => TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();

    private string Rsa(string claims) => Join("""{"alg":"RS256","kid":"net-rsa"}""", claims, Pkcs1);

    private byte[] Pkcs1(byte[] data) => _rsa.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);

    private static string Join(string header, string claims, Func<byte[], byte[]> sign) => Join(Encoding.UTF8.GetBytes(header), Encoding.UTF8.GetBytes(claims), sign);

    private static string Join(byte[] header, byte[] claims, Func<byte[], byte[]> sign)
    {
        var signed = $"{Base64Url.EncodeToString(header)}.{Base64Url.EncodeToString(claims)}";
        return $"{signed}.{Base64Url.EncodeToString(sign(Encoding.ASCII.GetBytes(signed)))}";
    }

    // 256 bytes leave two bits in the last character that mean nothing, and have to be 0.
    private static string Astray(string part)
    {
        const string letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        return part[..^1] + letters[letters.IndexOf(part[^1], StringComparison.Ordinal) | 1];
    }

    private static string Turned(string part)
    {
        var bytes = Base64Url.DecodeFromChars(part);
        bytes[100] ^= 1;
        return Base64Url.EncodeToString(bytes);
    }

    private static JsonObject Public(RSA key, string id, params ReadOnlySpan<(string Name, JsonNode Value)> more)
    {
        var numbers = key.ExportParameters(includePrivateParameters: false);
        var json = new JsonObject { ["kty"] = "RSA", ["kid"] = id, ["n"] = Base64Url.EncodeToString(numbers.Modulus), ["e"] = Base64Url.EncodeToString(numbers.Exponent) };
        foreach (var (name, value) in more)
            json[name] = value;
        return json;
    }

    private static JsonObject Public(ECDsa key, string id, string curve)
    {
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        return new() { ["kty"] = "EC", ["kid"] = id, ["crv"] = curve, ["use"] = "sig", ["x"] = Base64Url.EncodeToString(point.X), ["y"] = Base64Url.EncodeToString(point.Y) };
    }
}
