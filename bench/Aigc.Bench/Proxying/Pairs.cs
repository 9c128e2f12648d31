namespace Aigc.Bench.Proxying;

/// <summary>
/// Two processes measured in short neighbouring turns. Each turn of one is compared with its neighbour of the other only,
/// so a machine that is busy for a while spoils single pairs, and the median passes over them.
/// </summary>
public sealed class Pairs(int connections, IReadOnlyList<(Sample Bare, Sample Proxy)> pairs)
{
    public Spread Ratio { get; } = Spread.Of(pairs.Select(p => p.Proxy.Rate / p.Bare.Rate));

    /// <summary>Processor time for each request. Least of all disturbed by other programs.</summary>
    public Spread Processor { get; } = Spread.Of(pairs.Select(p => p.Proxy.Processor / p.Bare.Processor));

    /// <summary>Added latency of the median request, ms.</summary>
    public Spread P50 { get; } = Spread.Of(pairs.Select(p => p.Proxy.At(0.5) - p.Bare.At(0.5)));

    /// <summary>Added latency of the slowest hundredth, ms.</summary>
    public Spread P99 { get; } = Spread.Of(pairs.Select(p => p.Proxy.At(0.99) - p.Bare.At(0.99)));

    public static async Task<Pairs> MeasureAsync(Child bare, Child proxy, int connections, int rounds, TimeSpan duration)
    {
        var pairs = new List<(Sample, Sample)>();
        for (var round = 0; round < rounds; round++)
        {
            // ABBA: whoever comes second meets a warmer machine, so they take turns in that as well.
            var bareFirst = round % 2 == 0;
            var first = await TurnAsync(bareFirst ? bare : proxy, connections, duration);
            var second = await TurnAsync(bareFirst ? proxy : bare, connections, duration);
            pairs.Add(bareFirst ? (first, second) : (second, first));
        }
        return new(connections, pairs);
    }

    private static async Task<Sample> TurnAsync(Child child, int connections, TimeSpan duration)
    {
        var (allocated, processor) = (await child.AllocatedAsync(), child.ProcessorTime);
        var sample = await Load.RunAsync(child.Address, connections, duration);
        processor = child.ProcessorTime - processor;
        allocated = await child.AllocatedAsync() - allocated;
        var requests = (double)sample.Latencies.Length;
        return sample with { Allocated = allocated / requests, Processor = processor.TotalMicroseconds / requests };
    }

    public void Print()
    {
        Console.WriteLine($"{connections} connection{(connections == 1 ? "" : "s")}");
        Print("bare YARP", [.. pairs.Select(p => p.Bare)]);
        Print("proxy", [.. pairs.Select(p => p.Proxy)]);
        Console.WriteLine($"  pair by pair: requests/s {Ratio:0.000}   processor time {Processor:0.000}   p50 {P50:+0.000;-0.000} ms   p99 {P99:+0.000;-0.000} ms");
    }

    private static void Print(string name, IReadOnlyList<Sample> samples) => Console.WriteLine(
        $"  {name,-10} {Spread.Of(samples.Select(s => s.Rate)):0} requests/s   p50 {Spread.Of(samples.Select(s => s.At(0.5))):0.000} ms   p99 {Spread.Of(samples.Select(s => s.At(0.99))):0.000} ms   {Spread.Of(samples.Select(s => s.Processor)):0.0} µs and {Spread.Of(samples.Select(s => s.Allocated)).Median:0} bytes a request");
}
