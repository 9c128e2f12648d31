using System.Globalization;

namespace Aigc.Testing.Faults;

/// <summary>
/// The whole product on real servers, with replicas, used by many people while everything in it is killed in turn.
/// Afterwards nothing that was acknowledged may be missing and nothing may be left over.
/// </summary>
public sealed class FaultRun(FaultOptions options, Action<string> log)
{
    internal const string Template = "faulty";

    public async Task<FaultReport> RunAsync()
    {
        await using var product = new Product { Stores = options.Stores };
        product.Environment["AIGC_REPLICAS"] = options.Replicas.ToString(CultureInfo.InvariantCulture);
        foreach (var (name, index) in Names().Select((name, index) => (name, index)))
        {
            product.Environment[$"DevIdentity__Users__{index}__Name"] = name;
            product.Environment[$"DevIdentity__Users__{index}__Groups__0"] = "art";
        }

        await product.StartAsync();
        using (var admin = await product.Person("admin").SignInAsync())
            await admin.OfferAsync(Template, Yaml);
        var ledger = new Ledger();
        var people = Names().Select((name, index) => new Visitor(product, name, index + 1, options.Seed, ledger)).ToList();
        foreach (var person in people)
            await person.SignInAsync();

        var watch = new EngineWatch(product);
        using var watching = new CancellationTokenSource();
        var watched = Task.Run(() => watch.WatchAsync(watching.Token));
        var killer = new Killer(product, options.Seed, log);
        using (var end = new CancellationTokenSource(options.Length))
        {
            var living = people.Select(person => Task.Run(() => person.LiveAsync(end.Token)));
            await Task.WhenAll([.. living, Task.Run(() => killer.KillAsync(end.Token))]);
        }

        log($"{killer.Kills} kills; what people met:\n{ledger.Summary()}");
        var report = await new Verdict(product, ledger, watch, people, log).ReachAsync();
        if (report.Failures.Count > 0)
        {
            product.KeepData = true;
            log($"what there is to look into: {product.Data}");
        }

        await watching.CancelAsync();
        await watched;
        people.ForEach(person => person.Dispose());
        await product.StopAsync();
        var left = product.AllPids().Commands().ToList();
        return left.Count == 0 ? report : report with { Failures = [.. report.Failures, $"left running after the end: {string.Join(", ", left)}"] };
    }

    private IEnumerable<string> Names() => Enumerable.Range(1, options.Users).Select(number => string.Create(CultureInfo.InvariantCulture, $"artist{number:00}"));

    /// <summary>Small pictures, quickly; asleep soon after the last one.</summary>
    private const string Yaml =
        """
        name: faulty
        title: Demo engine for faults
        description: The demo engine, in a hurry.
        version: "1"
        local:
          command: dotnet
          arguments: ["{demoEngine}", "--urls", "http://127.0.0.1:{port}", "--data", "{data}"]
          environment:
            Demo__StartupDelay: "00:00:00"
            Demo__LoadingDelay: "00:00:00"
            Demo__StepTime: "00:00:00.020"
            DOTNET_TieredPGO: "0"
            DOTNET_gcServer: "0"
        readiness: { path: /healthz }
        busy: { kind: a1111 }
        idleTimeout: 8s
        startTimeout: 90s
        stopTimeout: 5s
        """;
}

/// <param name="Failures">What was lost or left over; empty: nothing.</param>
public sealed record FaultReport(IReadOnlyList<string> Failures, string Summary);
