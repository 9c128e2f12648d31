using Microsoft.Extensions.Configuration;

namespace Aigc.ServiceDefaults.Discovery;

/// <summary>Addresses of other services, from the configuration keys <c>services:{name}:{endpoint}:{index}</c>.</summary>
public sealed class ServiceEndpoints(IConfiguration configuration)
{
    /// <summary>The first address of a service's endpoint.</summary>
    /// <exception cref="InvalidOperationException">The key is absent or is not an absolute URL; the message names it.</exception>
    public Uri Get(string service, string endpoint = "http")
    {
        var key = Key(service, endpoint);
        var value = configuration[key] ?? throw new InvalidOperationException(
            $"The address of service '{service}' is not configured. Set {key.Replace(":", "__", StringComparison.Ordinal)} (configuration key {key}) to its URL.");
        return Uri.TryCreate(value, UriKind.Absolute, out var address)
            ? address
            : throw new InvalidOperationException($"Configuration key {key} must be an absolute URL, but is '{value}'.");
    }

    /// <summary>The address of a service, or null where this service is not told one.</summary>
    public Uri? Find(string service, string endpoint = "http") =>
        configuration[Key(service, endpoint)] is null ? null : Get(service, endpoint);

    private static string Key(string service, string endpoint) => $"services:{service}:{endpoint}:0";
}
