using System.Globalization;

namespace Aigc.Bench.Clusters;

/// <summary>Engines in a Kubernetes cluster: how much a wake adds to the pod's own time, and what thousands of engines cost.</summary>
internal static class ClusterBench
{
    public static async Task<int> RunAsync(IReadOnlyList<string> args)
    {
        var board = new Scoreboard();
        Console.WriteLine($"{Environment.ProcessorCount} processors, {System.Runtime.InteropServices.RuntimeInformation.FrameworkDescription}, load {File.ReadAllText("/proc/loadavg").Trim()}");
        if (!args.Contains("--many"))
            await WakeBench.RunAsync(board);
        if (!args.Contains("--wake"))
        {
            await QueueBench.RunAsync(board);
            await ManyBench.RunAsync(board, Number("--engines", 5000), Number("--awake", 500), Number("--wakes", 200));
        }

        return board.Print();

        int Number(string name, int usual) =>
            args.SkipWhile(arg => arg != name).Skip(1).FirstOrDefault() is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : usual;
    }
}
