using System.Diagnostics;
using System.Globalization;

namespace Aigc.Bench.Simulating;

/// <summary>A month of 500 artists on 80 GPUs, replayed under each policy.</summary>
internal static class SimulatorBench
{
    private const int Artists = 500;
    private static readonly Policy[] Policies =
    [
        new OwnPolicy(TimeSpan.FromMinutes(4), Warm: true), new OwnPolicy(TimeSpan.FromMinutes(4), Warm: false), new FixedCull(TimeSpan.FromHours(1)), new FixedSchedule(),
    ];

    public static int Run(string[] arguments)
    {
        if (arguments is ["--trace", var file])
            return Report(Trace.Read(file), file);
        var missed = 0;
        foreach (var seed in (int[])[1, 2, 3])
            missed += Report(new TraceModel(seed).Make(Artists), $"seed {seed}");
        return missed;
    }

    private static int Report(Trace trace, string name)
    {
        var began = Stopwatch.GetTimestamp();
        var (oracle, always) = (Oracle.GpuHours(trace), Oracle.AlwaysOn(trace));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {trace.Artists.Count} artists, {trace.Artists.Sum(artist => artist.Uses.Count):N0} requests; oracle {oracle:N0} GPU-hours, always on {always:N0}"));
        Console.WriteLine("policy                  GPU-hours  of oracle  of always-on  work lost        wake p50/p95/p99 s    queue p50/p95/p99 s   fair share   cost");
        foreach (var policy in Policies)
        {
            var outcome = Simulation.Run(trace, policy);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{outcome.Name,-22} {outcome.GpuHours,10:N0} {outcome.GpuHours / oracle,10:0.000} {outcome.GpuHours / always,13:0.000} {outcome.LostJobs,5} ({outcome.LostWork.TotalHours,5:0} h) {outcome.Wake(0.5),8:0.0} {outcome.Wake(0.95),6:0.0} {outcome.Wake(0.99),6:0.0} {outcome.Queued(0.5),8:0.0} {outcome.Queued(0.95),6:0.0} {outcome.Queued(0.99),6:0.0} {outcome.FairShare,12:0.000} {outcome.Cost,10:N0}"));
        }

        Console.WriteLine($"{Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s");
        return 0;
    }
}
