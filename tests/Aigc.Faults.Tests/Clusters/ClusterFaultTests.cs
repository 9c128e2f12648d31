using System.Globalization;
using System.Security.Cryptography;
using Xunit.Abstractions;

namespace Aigc.Faults.Tests.Clusters;

/// <summary>
/// Engines in a cluster where everything goes wrong in turn while people ask for one thing after the other.
/// <c>AIGC_FAULT_SEED</c> repeats a run or begins with it, <c>AIGC_FAULT_SEEDS</c> says how many, <c>AIGC_FAULT_SECONDS</c> how long each.
/// </summary>
[Collection(nameof(OnItsOwn))]
public sealed class ClusterFaultTests(ITestOutputHelper output)
{
    private const int Usually = 2;
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(16);

    [Fact]
    public async Task No_disk_is_shared_nothing_is_lost_and_nothing_is_left_over()
    {
        var first = Setting("AIGC_FAULT_SEED") ?? RandomNumberGenerator.GetInt32(1_000_000);
        var wrong = new List<string>();
        for (var seed = first; seed < first + (Setting("AIGC_FAULT_SEEDS") ?? Usually); seed++)
        {
            var journal = new Journal();
            var (failures, summary) = await RunAsync(seed, journal);
            Log($"seed {seed}: {summary}");
            if (failures.Count == 0)
                continue;
            wrong.Add($"AIGC_FAULT_SEED={seed}, journal in {await journal.KeepAsync(seed)}:\n  {string.Join("\n  ", failures)}");
            Log(wrong[^1]);
        }

        wrong.ShouldBeEmpty();
    }

    private static async Task<(IReadOnlyList<string> Failures, string Summary)> RunAsync(int seed, Journal journal)
    {
        try
        {
            return await RunOnceAsync(seed, journal);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return ([$"{exception}"], "ended early");
        }
    }

    private static async Task<(IReadOnlyList<string> Failures, string Summary)> RunOnceAsync(int seed, Journal journal)
    {
        await using var plant = await ClusterPlant.StartAsync(journal, patience: TimeSpan.FromSeconds(3));
        var (people, trouble, watch, ready) = (new People(plant, seed), new Trouble(plant, seed), new PodWatch(plant.Cluster.Store, journal), new ReadyWatch(plant));
        using var watching = new CancellationTokenSource();
        var watched = Task.WhenAll(Task.Run(() => watch.FollowAsync(watching.Token)), Task.Run(() => ready.FollowAsync(watching.Token)));
        await Task.WhenAll(plant.BeginWorker().IsHealthyAsync(), plant.BeginWorker().IsHealthyAsync());
        using (var end = new CancellationTokenSource(Setting("AIGC_FAULT_SECONDS") is { } seconds ? TimeSpan.FromSeconds(seconds) : Length))
            await Task.WhenAll(Task.Run(() => people.LiveAsync(end.Token)), Task.Run(() => trouble.MakeAsync(end.Token)));
        var (failures, summary) = await new Verdict(plant, people, watch, ready).ReachAsync();
        await watching.CancelAsync();
        await watched;
        return (failures, $"{trouble.Count} troubles, {summary}{(failures.Count == 0 ? "" : $"; {failures.Count} FAILURES")}");
    }

    private void Log(string line)
    {
        line = string.Create(CultureInfo.InvariantCulture, $"{TimeProvider.System.GetUtcNow():HH:mm:ss} {line}");
        output.WriteLine(line);
        Console.WriteLine(line);
    }

    private static int? Setting(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
}
