using System.Net;
using Microsoft.Extensions.Options;

namespace Aigc.Engines.Gateway;

/// <summary>What every service of one gateway agrees on; section <c>Gateway</c>.</summary>
public sealed class GatewayOptions
{
    public const string Section = "Gateway";

    /// <summary>The dashboard's address as browsers see it, such as <c>http://localhost:8080</c>.</summary>
    public Uri PublicUrl { get; set; } = new("http://localhost:8080");

    /// <summary>Engines live at <c>{engine}.{EngineDomain}</c>, on the public address's scheme and port.</summary>
    public string EngineDomain { get; set; } = "localhost";

    /// <summary>Shared secret of the services among themselves; sent as <see cref="KeyHeader"/>.</summary>
    public string Key { get; set; } = "";

    /// <summary>Networks of the proxies before this gateway, separated by commas, such as <c>10.0.0.0/8, fd00::/8</c>: they alone may tell the client's address.</summary>
    public string TrustedProxies { get; set; } = "";

    public const string KeyHeader = "X-Gateway-Key";

    public string EngineHost(string label) => $"{label}.{EngineDomain}";

    /// <exception cref="FormatException">One of them is no network.</exception>
    public IReadOnlyList<IPNetwork> TrustedNetworks() =>
        [.. TrustedProxies.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(IPNetwork.Parse)];

    public Uri EngineUrl(string label) =>
        new UriBuilder(PublicUrl) { Host = EngineHost(label), Path = "/", Query = "" }.Uri;
}

public sealed class ValidateGatewayOptions : IValidateOptions<GatewayOptions>
{
    public ValidateOptionsResult Validate(string? name, GatewayOptions options)
    {
        var errors = new List<string>();
        if (!options.PublicUrl.IsAbsoluteUri || options.PublicUrl.Scheme is not ("http" or "https"))
            errors.Add("Gateway:PublicUrl must be an absolute http or https address, such as http://localhost:8080.");
        if (Uri.CheckHostName(options.EngineDomain) != UriHostNameType.Dns)
            errors.Add("Gateway:EngineDomain must be a DNS name, such as engines.example.com.");
        if (options.Key.Length < 16)
            errors.Add("Gateway:Key must be set to the same secret of at least 16 characters for api, proxy and worker.");
        if (options.TrustedProxies.Split(',', StringSplitOptions.RemoveEmptyEntries).Any(network => !IPNetwork.TryParse(network.Trim(), out _)))
            errors.Add("Gateway:TrustedProxies must be networks, such as 10.0.0.0/8, fd00::/8; one address is 10.1.2.3/32.");
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
