using Aigc.Engines.Leading;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aigc.Worker.Leading;

/// <summary>What this worker is doing, for health checks and tests.</summary>
public sealed class WorkerStatus
{
    private sealed record Now(Term? Term, bool Adopted, bool StandingBy);

    private volatile Now _now = new(null, Adopted: false, StandingBy: false);

    /// <summary>Set while this worker leads.</summary>
    public Term? Leads => _now.Term;

    /// <summary>Whether it leads and everything that ran before its term has been listed.</summary>
    public bool Adopted => _now.Adopted;

    public bool StandingBy => _now.StandingBy;

    internal void Lead(Term term) => _now = new(term, Adopted: false, StandingBy: false);

    internal void HasAdopted(Term term)
    {
        if (_now is { Term: { } leads } && leads == term)
            _now = new(term, Adopted: true, StandingBy: false);
    }

    internal void StandBy() => _now = new(null, Adopted: false, StandingBy: true);
}

/// <summary>Healthy when it leads and knows everything that runs, and when it stands by for another that leads.</summary>
public sealed class AdoptedCheck(WorkerStatus status) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken) =>
        Task.FromResult(status switch
        {
            { StandingBy: true } => HealthCheckResult.Healthy("standing by"),
            { Adopted: true } => HealthCheckResult.Healthy($"leading in term {status.Leads}"),
            { Leads: not null } => HealthCheckResult.Unhealthy("The running engines have not been listed yet; see this service's log."),
            _ => HealthCheckResult.Unhealthy("The database has not answered yet; see this service's log."),
        });
}
