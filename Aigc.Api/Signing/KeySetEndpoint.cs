using System.Security.Cryptography;
using Aigc.Engines.Gateway;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;

namespace Aigc.Api.Signing;

/// <summary>The public keys, as a JWK set (RFC 7517), for engines that check who visits them.</summary>
public static class KeySetEndpoint
{
    public const string Path = "/.well-known/aigc/jwks.json";

    public static void AddSigning(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<IValidateOptions<SigningOptions>, ValidateSigningOptions>();
        builder.Services.AddOptions<SigningOptions>().BindConfiguration(SigningOptions.Section).ValidateOnStart();
        builder.Services.AddSingleton<SigningKeys>();
    }

    public static void MapKeySet(this WebApplication app) => app.MapGet(Path, ListAsync).AllowAnonymous().ExcludeFromDescription();

    private static async Task<JsonHttpResult<KeySetJson>> ListAsync(SigningKeys keys, HttpResponse response, CancellationToken cancellationToken)
    {
        // Shorter than a key is announced before it signs.
        response.Headers.CacheControl = "public, max-age=300";
        return TypedResults.Json(
            new KeySetJson([.. (await keys.ListAsync(cancellationToken)).Select(Show)]), contentType: "application/jwk-set+json");
    }

    private static KeyJson Show(SigningKey key)
    {
        using var algorithm = ECDsa.Create();
        algorithm.ImportSubjectPublicKeyInfo(Convert.FromBase64String(key.PublicKey), out _);
        var point = algorithm.ExportParameters(includePrivateParameters: false).Q;
        return new("EC", "P-256", "ES256", "sig", key.Id, WebEncoders.Base64UrlEncode(point.X!), WebEncoders.Base64UrlEncode(point.Y!));
    }
}

public sealed record KeySetJson(IReadOnlyList<KeyJson> Keys);

public sealed record KeyJson(string Kty, string Crv, string Alg, string Use, string Kid, string X, string Y);
