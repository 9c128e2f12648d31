using System.Diagnostics;
using Aigc.Testing;

namespace Aigc.Bench.Running;

/// <summary>The whole product on this machine: how soon it is ready, how much memory it takes, and what it adds to an engine's own start.</summary>
internal static class ProductBench
{
    private const int Wakes = 9;
    private static readonly string[] Services = ["Aigc.AppHost", "Aigc.Api", "Aigc.Proxy", "Aigc.Worker", "Aigc.DevIdentity"];

    public static async Task<int> RunAsync()
    {
        await using var product = new Product();
        var first = await Timing.TimeAsync(product.StartAsync);
        await product.StopAsync();
        var second = await Timing.TimeAsync(product.StartAsync);
        Report("first start to ready, s", first.TotalSeconds, 15);
        Report("second start to ready, s", second.TotalSeconds, 6);

        using var admin = await product.Person("admin").SignInAsync();
        await admin.OfferAsync("bench", Template);
        using var alice = await product.Person("alice").SignInAsync();
        var engine = await alice.TakeAsync("bench");
        var token = (await alice.CallAsync(HttpMethod.Post, "api/v1/tokens", new { name = "bench", expiresInDays = 1 }))["token"]!.GetValue<string>();

        var (own, visits) = (new List<double>(), new List<double>());
        for (var i = 0; i < Wakes; i++)
        {
            own.Add((await OwnStartAsync()).TotalMilliseconds);
            visits.Add((await Timing.TimeAsync(() => VisitAsync(alice, engine, token))).TotalMilliseconds);
            await engine.AskAsync("sleep");
            await engine.ReachesAsync("Asleep");
        }

        Console.WriteLine($"engine's own start, ms: median {Median(own):0}, from {own.Min():0} to {own.Max():0}");
        Console.WriteLine($"first visit to first byte, ms: median {Median(visits):0}, from {visits.Min():0} to {visits.Max():0}");
        Report("added by the gateway, ms (median of pairs)", Median([.. visits.Zip(own, (visit, alone) => visit - alone)]), 300);
        Report("resident memory of the five processes, MB", Services.Sum(service => ResidentMegabytes(product, service)), 700);
        return 0;
    }

    /// <summary>As a program does: held by the proxy until the engine is awake.</summary>
    public static async Task VisitAsync(Person person, TakenEngine engine, string token)
    {
        using var client = new HttpClient(person.Handler(redirects: false));
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(engine.Url, "healthz"));
        request.Headers.Authorization = new("Bearer", token);
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>The same program with the same settings, started by hand and asked until it answers.</summary>
    private static async Task<TimeSpan> OwnStartAsync()
    {
        var data = Directory.CreateTempSubdirectory("aigc-bench-").FullName;
        var address = $"http://127.0.0.1:{Random.Shared.Next(20000, 30000)}";
        var start = new ProcessStartInfo("dotnet", [Repository.ProgramOf("Aigc.DemoEngine", "samples"), "--urls", address, "--data", data])
        {
            RedirectStandardOutput = true,
            Environment = { ["Demo__StartupDelay"] = "00:00:00", ["Demo__LoadingDelay"] = "00:00:00" },
        };
        using var client = new HttpClient { BaseAddress = new Uri(address) };
        using var process = Process.Start(start)!;
        var taken = await Timing.TimeAsync(() => Eventually.TrueAsync("it answers", TimeSpan.FromSeconds(30), async () =>
        {
            try
            {
                return (await client.GetAsync("healthz")).IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        }, interval: TimeSpan.FromMilliseconds(5)));
        process.Kill();
        await process.WaitForExitAsync();
        Directory.Delete(data, recursive: true);
        return taken;
    }

    private static double ResidentMegabytes(Product product, string service) => product.Pids(service)
        .Select(pid => File.ReadLines($"/proc/{pid}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal)))
        .Sum(line => double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], System.Globalization.CultureInfo.InvariantCulture) / 1024);

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static void Report(string what, double value, double limit) =>
        Console.WriteLine($"{what}: {value:0.##} (at most {limit:0}: {(value <= limit ? "met" : "MISSED")})");

    private const string Template =
        """
        name: bench
        title: Bench
        description: The demo engine without delays.
        version: "1"
        local:
          command: dotnet
          arguments: ["{demoEngine}", "--urls", "http://127.0.0.1:{port}", "--data", "{data}"]
          environment: { Demo__StartupDelay: "00:00:00", Demo__LoadingDelay: "00:00:00" }
        readiness: { path: /healthz }
        idleTimeout: 30m
        """;
}
