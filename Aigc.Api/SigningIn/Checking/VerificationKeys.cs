using System.Buffers.Text;
using Microsoft.IdentityModel.Tokens;

namespace Aigc.Api.SigningIn.Checking;

/// <summary>Which of the provider's published keys may have signed a token. Keys that a token brings or points to are never looked at.</summary>
public static class VerificationKeys
{
    private const int FewestRsaBits = 2048;

    private static readonly Dictionary<string, (string Curve, int SignatureLength)> Curves = new()
    {
        ["ES256"] = ("P-256", 64),
        ["ES384"] = ("P-384", 96),
        ["ES512"] = ("P-521", 132),
    };

    private static readonly HashSet<string> Rsa = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"];

    public static IReadOnlyCollection<string> Algorithms { get; } = [.. Rsa, .. Curves.Keys];

    public static IReadOnlyList<SecurityKey> For(SignedToken token, JsonWebKeySet? published) =>
        [.. (published?.Keys ?? []).Where(key => Fits(key, token))];

    private static bool Fits(JsonWebKey key, SignedToken token) =>
        (token.KeyId is null || token.KeyId == key.Kid)
        && key.Use is null or "" or "sig"
        && (key.KeyOps is not { Count: > 0 } operations || operations.Contains("verify"))
        && (string.IsNullOrEmpty(key.Alg) || key.Alg == token.Algorithm)
        && (Rsa.Contains(token.Algorithm) ? FitsRsa(key, token) : Curves.TryGetValue(token.Algorithm, out var curve) && FitsCurve(key, token, curve));

    private static bool FitsRsa(JsonWebKey key, SignedToken token) =>
        key.Kty == "RSA" && key.N is { } n && Base64Url.IsValid(n)
        && Base64Url.DecodeFromChars(n).AsSpan().TrimStart((byte)0) is { Length: >= FewestRsaBits / 8 } modulus && token.SignatureLength == modulus.Length;

    // Two numbers of fixed length one after the other; a DER structure is longer.
    private static bool FitsCurve(JsonWebKey key, SignedToken token, (string Name, int SignatureLength) curve) =>
        key.Kty == "EC" && key.Crv == curve.Name && token.SignatureLength == curve.SignatureLength;
}
