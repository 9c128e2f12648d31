using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Running;

/// <summary>How the AppHost treats its processes.</summary>
internal sealed record RunOptions
{
    /// <summary>What all processes together get to end in order, before they are killed (<c>Hosting:StopTimeout</c>): a worker needs up to 10 s.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(13);

    /// <summary>What the stores get, once nobody uses them any more. The host itself allows 30 s for both.</summary>
    public TimeSpan StoreStopTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Between health probes until the first success.</summary>
    public TimeSpan ProbeStarting { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Between health probes afterwards.</summary>
    public TimeSpan ProbeRunning { get; init; } = TimeSpan.FromSeconds(5);

    public static RunOptions From(IConfiguration configuration) => configuration["Hosting:StopTimeout"] is { } text
        ? new() { StopTimeout = TimeSpan.Parse(text, CultureInfo.InvariantCulture) }
        : new();
}
