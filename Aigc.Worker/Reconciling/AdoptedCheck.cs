using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aigc.Worker.Reconciling;

/// <summary>Healthy once everything that ran before this worker began is known to it.</summary>
public sealed class AdoptedCheck(WorkerStatus status) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken) =>
        Task.FromResult(status.Adopted
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy("The running engines have not been listed yet; see this service's log."));
}
