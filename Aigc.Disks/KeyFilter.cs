using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Aigc.Disks;

/// <summary>Lets in who knows a key. Without a key configured, nobody.</summary>
public sealed class KeyFilter(string header, string key) : IEndpointFilter
{
    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var given = context.HttpContext.Request.Headers[header].ToString();
        if (key.Length == 0 || given.Length == 0)
            return new(TypedResults.NotFound());
        return Matches(given) ? next(context) : new(TypedResults.Unauthorized());
    }

    /// <summary>Hashed first, so that not even the length shows in the time it takes.</summary>
    private bool Matches(string given) => CryptographicOperations.FixedTimeEquals(Hash(given), Hash(key));

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
