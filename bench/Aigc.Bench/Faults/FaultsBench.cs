using System.Globalization;
using Aigc.Testing.Faults;

namespace Aigc.Bench.Faults;

/// <summary>The fault script over several seeds, for as long as it takes to believe it.</summary>
internal static class FaultsBench
{
    public static async Task<int> RunAsync(string[] arguments)
    {
        var seeds = Number(arguments, "--seeds") ?? 10;
        var first = Number(arguments, "--seed") ?? 1;
        var length = TimeSpan.FromSeconds(Number(arguments, "--seconds") ?? 180);
        var failed = 0;
        for (var seed = first; seed < first + seeds; seed++)
        {
            Log($"seed {seed}");
            var report = await new FaultRun(new(seed, length), Log).RunAsync();
            Log(report.Summary);
            foreach (var failure in report.Failures)
                Log($"FAILED: {failure}");
            failed += report.Failures.Count == 0 ? 0 : 1;
            Log($"seed {seed}: {(report.Failures.Count == 0 ? "nothing lost, nothing left over" : "FAILED")}");
        }

        Log($"{seeds - failed} of {seeds} seeds without a loss (all: {(failed == 0 ? "met" : "MISSED")})");
        return failed;
    }

    private static int? Number(string[] arguments, string name) =>
        Array.IndexOf(arguments, name) is >= 0 and var place && place + 1 < arguments.Length ? int.Parse(arguments[place + 1], CultureInfo.InvariantCulture) : null;

    private static void Log(string line) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{TimeProvider.System.GetUtcNow():HH:mm:ss} {line}"));
}
