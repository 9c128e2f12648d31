using System.Globalization;
using Aigc.Simulator.Policies;

namespace Aigc.Simulator.Reporting;

/// <summary>A figure that is to be reached.</summary>
internal sealed record Goal(string What, string Figure, string Limit, bool IsMet)
{
    private const double OfOracle = 1.15;
    private const double OfAlwaysOn = 0.35;
    private const double FairShare = 0.95;
    private static readonly TimeSpan WakeWait = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Runtime = TimeSpan.FromSeconds(30);

    public static IEnumerable<Goal> Of(Outcome ours, double oracle, double always, TimeSpan took)
    {
        yield return new("work lost", $"{ours.LostJobs} jobs", "none", ours.LostJobs == 0);
        yield return AtMost("GPU-hours of the oracle's", ours.GpuHours / oracle, OfOracle);
        yield return AtMost("GPU-hours of always-on", ours.GpuHours / always, OfAlwaysOn);
        yield return Below("wake wait p95", ours.WakeWait.At(0.95), WakeWait);
        yield return new("least fair share", Number(ours.Shares.Least), $"at least {Number(FairShare)}", ours.Shares.Least >= FairShare);
        yield return Below("a month under this policy simulated in", took, Runtime);
    }

    public override string ToString() => $"  {(IsMet ? "met   " : "missed")} {What}: {Figure} ({Limit})";

    private static Goal AtMost(string what, double figure, double limit) => new(what, Number(figure), $"at most {Number(limit)}", figure <= limit);

    private static Goal Below(string what, TimeSpan figure, TimeSpan limit) =>
        new(what, $"{Number(figure.TotalSeconds)} s", $"under {limit.TotalSeconds:0} s", figure < limit);

    private static string Number(double number) => number.ToString("0.000", CultureInfo.InvariantCulture);
}
