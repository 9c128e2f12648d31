using Aigc.Engines.Tracking;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aigc.Worker;

/// <summary>Without the tracker engines start and stop all the same, and none falls asleep: degraded, never unhealthy.</summary>
public sealed class TrackerHealth(TrackerStatus tracker) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken) =>
        Task.FromResult(tracker.Trouble is { } trouble ? HealthCheckResult.Degraded(trouble) : HealthCheckResult.Healthy());
}
