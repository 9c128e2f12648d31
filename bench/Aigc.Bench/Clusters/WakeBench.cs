using System.Text.Json.Nodes;
using Aigc.Bench.Running;
using Aigc.Bench.Working;
using Aigc.Testing;

namespace Aigc.Bench.Clusters;

/// <summary>The whole product with its engines in a cluster: what a wake takes beyond the pod's own time from being there to being ready.</summary>
internal static class WakeBench
{
    private const int NewEngines = 8;
    private const int Wakes = 25;

    /// <summary>The cluster's controllers have a budget of requests, too, which wakes of one engine without a pause would use up.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1.5);

    /// <summary>
    /// From the visit to the first byte, in milliseconds: until a pod is asked for, until it is there, the pod's own time, and from its being
    /// ready on.
    /// </summary>
    private sealed record Wake(double Asked, double There, double Own, double Served)
    {
        public double Added => Asked + There + Served;
    }

    public static async Task RunAsync(Scoreboard board)
    {
        await using var cluster = await BenchCluster.StartAsync();
        Console.WriteLine($"wakes on {cluster.Name}");
        await using var times = new PodTimes(cluster.NewClient());
        await using var starts = new Starts(cluster.NewClient());
        await using var product = new Product();
        foreach (var (name, value) in cluster.Settings)
            product.Environment[name] = value;
        await product.StartAsync();
        using (var admin = await product.Person("admin").SignInAsync())
            await admin.OfferAsync("bench", Template(FreePort.Next()));
        using var alice = await product.Person("alice").SignInAsync();
        var token = (await alice.CallAsync(HttpMethod.Post, "api/v1/tokens", new { name = "bench", expiresInDays = 1 }))["token"]!.GetValue<string>();

        var (first, again) = (new List<Wake>(), new List<Wake>());
        TakenEngine engine = null!;
        for (var i = 0; i < NewEngines; i++)
        {
            engine = await alice.TakeAsync("bench");
            first.Add(await WakeAsync(times, starts, alice, engine, token));
            await SleepAsync(engine);
        }

        for (var i = 0; i < Wakes; i++)
        {
            again.Add(await WakeAsync(times, starts, alice, engine, token));
            await SleepAsync(engine);
        }

        Report(board, $"{cluster.Name}: first wake of {NewEngines} engines", first);
        Report(board, $"{cluster.Name}: {Wakes} wakes", again);
        board.AtMost("added to the pod's own time, all wakes, median", Middle(first.Concat(again), wake => wake.Added), 250, "ms");
        board.Note("the same, worst after the product's first wake", $"{first.Skip(1).Concat(again).Max(wake => wake.Added):0} ms");
        board.Note("the product's first wake", $"{first[0].Added:0} ms");
    }

    private static async Task<Wake> WakeAsync(PodTimes times, Starts starts, Person person, TakenEngine engine, string token)
    {
        var begin = TimeProvider.System.GetTimestamp();
        await ProductBench.VisitAsync(person, engine, token);
        var end = TimeProvider.System.GetTimestamp();
        (long Added, long Ready) pod = default;
        await Eventually.TrueAsync("the pod is ready", TimeSpan.FromSeconds(10), () => times.Newest(engine.Id) is { } seen && (pod = seen).Added > begin);
        // The worker may find the engine serving before the kubelet has said so.
        var ready = Math.Min(pod.Ready, end);
        var asked = Math.Min(starts.First(engine.Id, begin), pod.Added);
        return new(Milliseconds(begin, asked), Milliseconds(asked, pod.Added), Milliseconds(pod.Added, ready), Milliseconds(ready, end));
    }

    private static async Task SleepAsync(TakenEngine engine)
    {
        await engine.AskAsync("sleep");
        await engine.ReachesAsync("Asleep");
        await Task.Delay(Pause, TimeProvider.System, CancellationToken.None);
    }

    private static void Report(Scoreboard board, string what, List<Wake> wakes)
    {
        Parts($"{what}: visit → pod asked for", wake => wake.Asked);
        Parts($"{what}: the cluster's controllers → pod there", wake => wake.There);
        Parts($"{what}: pod there → ready", wake => wake.Own);
        Parts($"{what}: ready → first byte", wake => wake.Served);

        void Parts(string part, Func<Wake, double> of) => board.Note(part, $"median {Middle(wakes, of):0}, from {wakes.Min(of):0} to {wakes.Max(of):0} ms");
    }

    private static double Middle(IEnumerable<Wake> wakes, Func<Wake, double> of) => Proxying.Spread.Of(wakes.Select(of)).Median;

    private static double Milliseconds(long from, long to) => TimeProvider.System.GetElapsedTime(from, to).TotalMilliseconds;

    private static string Template(int port) => new JsonObject
    {
        ["name"] = "bench",
        ["title"] = "Bench",
        ["description"] = "An engine that serves at once.",
        ["version"] = "1",
        ["kubernetes"] = new JsonObject
        {
            ["port"] = port,
            ["volume"] = new JsonObject { ["size"] = "1Gi", ["mountPath"] = "/data" },
            ["pod"] = new JsonObject
            {
                ["metadata"] = new JsonObject
                {
                    ["annotations"] = new JsonObject { ["fake-kubelet/exec"] = $"exec perl {PerlEngine.Modules} -e '{PerlEngine.Program.ReplaceLineEndings(" ")}' $POD_IP:{port}" },
                },
                ["spec"] = new JsonObject { ["containers"] = new JsonArray(new JsonObject { ["name"] = "engine", ["image"] = "aigc/bench" }) },
            },
        },
        ["readiness"] = new JsonObject { ["path"] = "/" },
        ["stopTimeout"] = "5s",
    }.ToJsonString();
}
