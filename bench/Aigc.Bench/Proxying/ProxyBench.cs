namespace Aigc.Bench.Proxying;

/// <summary>The proxy beside YARP alone, in turns: what the gate costs.</summary>
public static class ProxyBench
{
    public static async Task<int> RunAsync(bool quick)
    {
        using var backend = await Child.StartAsync("backend");
        using var bare = await Child.StartAsync("bare", backend.Address.ToString());
        using var proxy = await Child.StartAsync("proxy", backend.Address.ToString());
        var (rounds, duration, body) = quick ? (8, TimeSpan.FromSeconds(0.5), 256L << 20) : (20, TimeSpan.FromSeconds(1), 2L << 30);

        foreach (var child in new[] { bare, proxy })
            await Load.RunAsync(child.Address, 32, TimeSpan.FromSeconds(3)); // warm up
        var rateOk = await CompareAsync(bare, proxy, 32, rounds, duration, d => d.Ratio >= 0.85, "requests/s at 32 connections: ratio ≥ 0.85");
        var latencyOk = await CompareAsync(bare, proxy, 1, rounds, duration, d => d is { P50: <= 0.1, P99: <= 1 },
            "latency at 1 connection: p50 +0.1 ms, p99 +1 ms at most");
        var memoryOk = await CompareMemoryAsync(proxy, body);
        return rateOk && latencyOk && memoryOk ? 0 : 1;
    }

    private static async Task<bool> CompareAsync(
        Child bare, Child proxy, int connections, int rounds, TimeSpan duration, Func<Difference, bool> target, string name)
    {
        List<Sample> bares = [], proxies = [];
        for (var round = 0; round < rounds; round++)
        {
            // The order alternates as well: whoever comes second meets a warmer machine.
            var bareFirst = round % 2 == 0;
            if (bareFirst)
                bares.Add(await Load.RunAsync(bare.Address, connections, duration));
            proxies.Add(await Load.RunAsync(proxy.Address, connections, duration));
            if (!bareFirst)
                bares.Add(await Load.RunAsync(bare.Address, connections, duration));
        }
        // Medians over neighbouring turns: another program that takes the processor for a while spoils single turns only.
        var turns = bares.Zip(proxies).ToList();
        var difference = new Difference(
            Median(turns, t => t.Second.Rate / t.First.Rate),
            Median(turns, t => t.Second.At(0.5) - t.First.At(0.5)),
            Median(turns, t => t.Second.At(0.99) - t.First.At(0.99)));
        Console.WriteLine(name);
        Print("bare YARP", bares);
        Print("proxy", proxies);
        var met = target(difference);
        Console.WriteLine($"  ratio {difference.Ratio:F3}   added p50 {difference.P50:F3} ms   added p99 {difference.P99:F3} ms   {(met ? "met" : "MISSED")}");
        return met;
    }

    private static async Task<bool> CompareMemoryAsync(Child proxy, long body)
    {
        using var http = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
        var before = proxy.Memory;
        using var watch = new MemoryWatch(proxy);
        using (var upload = Request(HttpMethod.Post, new(proxy.Address, "/upload"), new Bodies.Content(body)))
        using (await http.SendAsync(upload))
            Console.WriteLine($"upload   {body >> 20,5} MB: {before:F0} MB before, at most {watch.Highest:F0} MB");
        using (var download = Request(HttpMethod.Get, new(proxy.Address, $"/?bytes={body}"), null))
        using (var answer = await http.SendAsync(download, HttpCompletionOption.ResponseHeadersRead))
            await Bodies.DrainAsync(await answer.Content.ReadAsStreamAsync(), CancellationToken.None);
        var flat = watch.Highest - before < 64;
        Console.WriteLine($"download {body >> 20,5} MB: at most {watch.Highest:F0} MB   {(flat ? "flat" : "NOT FLAT")}");
        return flat;
    }

    private static HttpRequestMessage Request(HttpMethod method, Uri address, HttpContent? content)
    {
        var request = new HttpRequestMessage(method, address) { Content = content, Headers = { Host = SeededTracker.Host } };
        request.Headers.Add("Cookie", "aigc-engine=" + SeededTracker.Cookie);
        return request;
    }

    private static void Print(string name, List<Sample> samples) => Console.WriteLine(
        $"  {name,-10} {Median(samples, s => s.Rate),8:F0} requests/s   p50 {Median(samples, s => s.At(0.5)):F3} ms   p99 {Median(samples, s => s.At(0.99)):F3} ms");

    private static double Median<T>(List<T> samples, Func<T, double> value) => samples.Select(value).Order().ElementAt(samples.Count / 2);

    private sealed record Difference(double Ratio, double P50, double P99);
}
