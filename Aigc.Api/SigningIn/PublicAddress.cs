using System.Net;
using Aigc.Engines.Gateway;
using Microsoft.Extensions.Options;

namespace Aigc.Api.SigningIn;

/// <summary>
/// The proxy passes the Host header on unchanged and ends TLS: for the dashboard's host, the scheme is the public address's.
/// It drops every X-Forwarded-For that came from outside, and tells the client's own address.
/// </summary>
public static class PublicAddress
{
    public static void UsePublicScheme(this WebApplication app)
    {
        var publicUrl = app.Services.GetRequiredService<IOptions<GatewayOptions>>().Value.PublicUrl;
        app.Use((context, next) =>
        {
            if (string.Equals(context.Request.Host.Host, publicUrl.Host, StringComparison.OrdinalIgnoreCase))
                context.Request.Scheme = publicUrl.Scheme;
            if (context.Request.Headers["X-Forwarded-For"] is [{ } told] && IPAddress.TryParse(told, out var client))
                context.Connection.RemoteIpAddress = client;
            return next(context);
        });
    }

    /// <summary>Where a request came from, for the audit log.</summary>
    public static string? ClientAddress(this HttpContext context)
    {
        var address = context.Connection.RemoteIpAddress;
        return (address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address)?.ToString();
    }

    /// <summary>Whether the identity provider may be told to come back to this host.</summary>
    public static bool IsTrusted(this GatewayOptions gateway, HostString host) =>
        string.Equals(host.Host, gateway.PublicUrl.Host, StringComparison.OrdinalIgnoreCase)
        || string.Equals(host.Host, "localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Host, out var address) && IPAddress.IsLoopback(address));
}
