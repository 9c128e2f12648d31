using Aigc.Engines.Tracking;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aigc.Api;

/// <summary>Without the tracker the database decides, and only entering an engine anew has to wait: degraded, never unhealthy.</summary>
public sealed class TrackerHealth(TrackerStatus tracker) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken) =>
        Task.FromResult(tracker.Trouble is { } trouble ? HealthCheckResult.Degraded(trouble) : HealthCheckResult.Healthy());
}
