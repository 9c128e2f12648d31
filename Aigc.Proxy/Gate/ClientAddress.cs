using System.Net;

namespace Aigc.Proxy.Gate;

public static class ClientAddress
{
    /// <summary>As people and logs write it: a server that listens on both sees IPv4 addresses as IPv6.</summary>
    public static string? Text(this IPAddress? address) =>
        (address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address)?.ToString();
}
