using System.Globalization;
using Aigc.Simulator.Policies;
using Aigc.Simulator.Running;
using Aigc.Simulator.Traces;

namespace Aigc.Simulator.Reporting;

/// <summary>One trace under each policy, as a table, and which goals are met.</summary>
internal sealed class Comparison(Trace trace, IReadOnlyList<Policy> policies)
{
    private const string Heads =
        "policy           GPU-hours  of oracle's  of always-on  lost jobs   hours   wakes  wake p50/p95/p99 s    queue p50/p95/p99 s    fair share  (waits h)      cost";

    private static readonly string ComingHeads = $"from day {HabitWakes.LearningDays + 1} on     comings  found ready   %  woken early  in vain  GPU-hours ahead   cost";

    private readonly double _oracle = Oracle.GpuHours(trace, Oracle.Pause);
    private readonly double _always = trace.Artists.Sum(artist => artist.Kind.Gpus) * (trace.End - trace.Begin).TotalHours;

    /// <returns>The exit code: 1 where a goal is missed.</returns>
    public static int Run(SimulatorOptions options)
    {
        var policies = PolicyList.For(options.Zone);
        if (options.Policies.Except(policies.Select(policy => policy.Name)).FirstOrDefault() is { } unknown)
            throw new FormatException($"There is no policy {unknown}: {string.Join(", ", policies.Select(policy => policy.Name))}.");
        policies = [.. policies.Where(policy => options.Policies.Count == 0 || options.Policies.Contains(policy.Name))];
        if (options.Csv is { } path)
        {
            new Comparison(TraceFile.Read(path, options.Zone), policies).Print(path);
            return 0;
        }

        var met = true;
        foreach (var seed in options.Seeds)
        {
            var trace = new TraceModel(seed).Make(options.Artists);
            if (options.Write is { } file && seed == options.Seeds[0])
                TraceFile.Write(trace, file);
            foreach (var goal in new Comparison(trace, policies).Print($"seed {seed}"))
            {
                met &= goal.IsMet;
                Console.WriteLine(goal);
            }
        }

        return met ? 0 : 1;
    }

    /// <returns>The goals, if the policy that has some is among them.</returns>
    private IReadOnlyList<Goal> Print(string name)
    {
        Line($"{name}: {trace.Artists.Count} artists, {trace.Artists.Sum(artist => artist.Uses.Count):N0} requests, {(trace.End - trace.Begin).TotalDays:0} days");
        Console.WriteLine(Heads);
        IReadOnlyList<Goal> goals = [];
        var comings = new List<(string Policy, Comings Of)>();
        foreach (var policy in policies)
        {
            var began = TimeProvider.System.GetTimestamp();
            var outcome = Simulation.Run(trace, policy);
            var took = TimeProvider.System.GetElapsedTime(began);
            Print(outcome);
            comings.Add((outcome.Policy, outcome.Comings));
            if (policy.Name == PolicyList.Ours)
                goals = [.. Goal.Of(outcome, _oracle, _always, took)];
        }

        Line($"{"oracle",-14} {_oracle,11:N0} {1,12:0.000} {_oracle / _always,13:0.000}");
        foreach (var minutes in (int[])[1, 15])
        {
            var hours = Oracle.GpuHours(trace, TimeSpan.FromMinutes(minutes));
            Line($"{$"  pauses {minutes} min",-14} {hours,11:N0} {hours / _oracle,12:0.000} {hours / _always,13:0.000}");
        }

        if (trace.End <= HabitWakes.Learned(trace))
            return goals;
        Console.WriteLine(ComingHeads);
        foreach (var (policy, of) in comings)
            Line($"{policy,-14} {of.Count,11:N0} {of.Ready,12:N0} {100.0 * of.Ready / Math.Max(1, of.Count),3:0} {of.Early,12:N0} {of.InVain,8:N0} {of.GpuHours,16:N1} {of.Cost,6:N0}");
        return goals;
    }

    private void Print(Outcome of) => Line(
        $"{of.Policy,-14} {of.GpuHours,11:N0} {of.GpuHours / _oracle,12:0.000} {of.GpuHours / _always,13:0.000} {of.LostJobs,10:N0} {of.LostWork.TotalHours,7:N0} {of.WakeWait.Count,7} {Seconds(of.WakeWait),19} {Seconds(of.QueueWait),22} {of.Shares.Least,13:0.000} {of.Shares.LongestWait.TotalHours,10:0.0} {of.Cost,9:N0}");

    private static string Seconds(Quantiles waits) => string.Create(
        CultureInfo.InvariantCulture, $"{waits.At(0.5).TotalSeconds:0.0}/{waits.At(0.95).TotalSeconds:0.0}/{waits.At(0.99).TotalSeconds:0.0}");

    private static void Line(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
