using System.Security.Cryptography;
using System.Text;
using Aigc.Engines.Gateway;
using Microsoft.Extensions.Options;

namespace Aigc.Worker.Disks;

/// <summary>Lets in who knows the gateway's key. Without a key configured, nobody.</summary>
internal sealed class GatewayKeyFilter(IOptions<GatewayOptions> options) : IEndpointFilter
{
    private readonly string _key = options.Value.Key;

    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var given = context.HttpContext.Request.Headers[GatewayOptions.KeyHeader].ToString();
        if (_key.Length == 0 || given.Length == 0)
            return new(TypedResults.NotFound());
        return Matches(given) ? next(context) : new(TypedResults.Unauthorized());
    }

    /// <summary>Hashed first, so that not even the length shows in the time it takes.</summary>
    private bool Matches(string given) => CryptographicOperations.FixedTimeEquals(Hash(given), Hash(_key));

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
