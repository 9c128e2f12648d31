namespace Aigc.Proxy.Forwarding;

/// <summary>Where the gateway's other services are, from the addresses that the orchestrator hands out.</summary>
public sealed class Upstreams(IConfiguration configuration, IHostEnvironment environment)
{
    public string Api { get; } = configuration["services:api:http:0"]?.TrimEnd('/')
        ?? throw new InvalidOperationException("services:api:http:0 must be the address of the API, such as http://localhost:5001.");

    /// <summary>The development identity provider; never outside Development.</summary>
    public string? Identity { get; } = environment.IsDevelopment() ? configuration["services:identity:http:0"]?.TrimEnd('/') : null;
}
