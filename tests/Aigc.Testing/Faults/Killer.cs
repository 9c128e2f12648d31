namespace Aigc.Testing.Faults;

/// <summary>Kills one process after the other, whatever it is doing; AppHost starts each again.</summary>
public sealed class Killer(Product product, int seed, Action<string> log)
{
    private static readonly string[] Kinds = ["proxy", "api", "worker", "tracker", "database"];
    private readonly Random _random = new(seed);

    public int Kills { get; private set; }

    public async Task KillAsync(CancellationToken end)
    {
        var bag = new Queue<string>();
        while (!end.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(TimeSpan.FromMilliseconds(_random.Next(1_500, 6_000)), TimeProvider.System, end);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            // Each kind once before any comes again: a short run meets them all.
            if (bag.Count == 0)
                bag = new(Kinds.OrderBy(_ => _random.Next()).ToList());
            var kind = bag.Dequeue();
            var victims = PidsOf(kind);
            var choice = _random.Next(64);
            if (victims.Count == 0)
            {
                log($"{kind} is dead already");
                continue;
            }

            var pid = victims[choice % victims.Count];
            log($"kill -9 {kind} {pid}");
            Processes.Signal(pid, "KILL");
            Kills++;
        }
    }

    private List<int> PidsOf(string kind) => [.. (kind switch
    {
        "proxy" => product.Pids("Aigc.Proxy"),
        "api" => product.Pids("Aigc.Api"),
        "worker" => product.Pids("Aigc.Worker"),
        "tracker" => product.Servers("redis-server"),
        _ => product.Postmasters(),
    }).Order()];
}
