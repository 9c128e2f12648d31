using System.Security.Cryptography;
using System.Text;
using Aigc.Engines.Gateway;
using Microsoft.Extensions.Options;

namespace Aigc.Api.Internal;

/// <summary>Lets only the gateway's own services in; for everybody else there is nothing here.</summary>
public sealed class GatewayKey(IOptions<GatewayOptions> options) : IEndpointFilter
{
    private readonly byte[] _key = Encoding.UTF8.GetBytes(options.Value.Key);

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        context.HttpContext.Request.Headers[GatewayOptions.KeyHeader] is [{ } sent]
            && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(sent), _key)
            ? await next(context)
            : TypedResults.NotFound();
}
