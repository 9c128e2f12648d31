using System.Globalization;
using Aigc.Testing;

namespace Aigc.Bench.Replicas;

/// <summary>The product as a company runs it: real servers, two of each service. What people feel of it, and what it costs.</summary>
internal static class ReplicasBench
{
    public static async Task<int> RunAsync(bool quick)
    {
        await using var product = new Product { Stores = "servers" };
        product.Environment["AIGC_REPLICAS"] = "2";
        await product.StartAsync();
        using var admin = await product.Person("admin").SignInAsync();
        await admin.OfferAsync("echo", EchoEngine.Template);
        using var alice = await product.Person("alice").SignInAsync();
        var engine = await alice.TakeAsync("echo");
        await engine.AskAsync("wake");
        await engine.ReachesAsync("Ready");

        var verdicts = new Verdicts();
        await SocketsBench.RunAsync(product, alice, engine, quick ? TimeSpan.FromSeconds(20) : TimeSpan.FromSeconds(90), verdicts);
        await SignInBench.RunAsync(product, alice, engine, verdicts);
        await EnginesBench.RunAsync(product, admin, alice, verdicts);
        await product.StopAsync();
        return verdicts.Missed;
    }
}

/// <summary>Figures beside their targets.</summary>
internal sealed class Verdicts
{
    /// <summary>How many targets were missed.</summary>
    public int Missed { get; private set; }

    public void AtMost(string what, double value, double limit)
    {
        var met = value <= limit;
        Missed += met ? 0 : 1;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: {value:0.##} (at most {limit:0.##}: {(met ? "met" : "MISSED")})"));
    }

    public static void Note(string what, double value) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: {value:0.##}"));
}
