namespace Aigc.Bench.Proxying;

/// <summary>The proxy beside YARP alone, in turns: what the gate costs.</summary>
public static class ProxyBench
{
    /// <summary>Buffers of both sides, the pools, and a garbage collection that is due; not the bodies. MB.</summary>
    private const int FlatMemory = 64;

    public static async Task<int> RunAsync(bool quick)
    {
        using var backend = await Child.StartAsync("backend");
        using var bare = await Child.StartAsync("bare", backend.Address.ToString());
        using var proxy = await Child.StartAsync("proxy", backend.Address.ToString());
        var (rounds, duration, body) = quick ? (8, TimeSpan.FromSeconds(0.5), 256L << 20) : (30, TimeSpan.FromSeconds(1), 2L << 30);
        Console.WriteLine($"{Environment.ProcessorCount} processors, {System.Runtime.InteropServices.RuntimeInformation.FrameworkDescription}, {rounds} pairs of {duration.TotalSeconds} s; median (middle half)");

        foreach (var child in new[] { bare, proxy, bare, proxy })
            await Load.RunAsync(child.Address, 32, TimeSpan.FromSeconds(3)); // warm up
        var many = await Pairs.MeasureAsync(bare, proxy, 32, rounds, duration);
        var one = await Pairs.MeasureAsync(bare, proxy, 1, rounds, duration);
        many.Print();
        one.Print();
        var rateOk = Verdict(many.Ratio.Median >= 0.85, $"at 32 connections {many.Ratio.Median:F3} of the requests/s of bare YARP, wanted 0.85");
        var latencyOk = Verdict(one.P50.Median <= 0.1, $"at 1 connection p50 {one.P50.Median:+0.000;-0.000} ms, wanted at most +0.100 ms")
            & Verdict(one.P99.Median <= 1, $"at 1 connection p99 {one.P99.Median:+0.000;-0.000} ms, wanted at most +1.000 ms");
        var memoryOk = await CompareMemoryAsync(proxy, body);
        return rateOk && latencyOk && memoryOk ? 0 : 1;
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
        Console.WriteLine($"download {body >> 20,5} MB: at most {watch.Highest:F0} MB");
        return Verdict(watch.Highest - before < FlatMemory, $"memory {watch.Highest - before:+0;-0} MB over bodies of {body >> 20} MB up and down, wanted less than +{FlatMemory} MB");
    }

    private static HttpRequestMessage Request(HttpMethod method, Uri address, HttpContent? content)
    {
        var request = new HttpRequestMessage(method, address) { Content = content, Headers = { Host = SeededTracker.Host } };
        request.Headers.Add("Cookie", "aigc-engine=" + SeededTracker.Cookie);
        return request;
    }

    private static bool Verdict(bool met, string what)
    {
        Console.WriteLine($"{(met ? "met   " : "MISSED")} {what}");
        return met;
    }
}
