using Aigc.Engines.Lifecycle;
using Aigc.KubeSim;
using Aigc.Testing;
using Aigc.Worker.Kubernetes.Client;

namespace Aigc.Cluster.Tests.Simulated;

/// <summary>A KubeSim of the test's own, whatever <c>KUBECONFIG</c> says, and a worker on the same clock: faults and time come when the test says so.</summary>
public abstract class SimulatedTest : IAsyncLifetime
{
    private protected static readonly TimeSpan Within = TimeSpan.FromSeconds(60);
    private protected static readonly CancellationToken None = CancellationToken.None;

    /// <summary>What a worker does at once or not at all, it has done after this.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(25);

    private int _seconds;

    private protected TestCluster Cluster { get; private set; } = null!;

    private protected ClusterWorker Worker { get; private set; } = null!;

    private protected SimulatedCluster Sim => Cluster.Sim;

    public virtual async Task InitializeAsync()
    {
        Cluster = await TestCluster.SimulatedAsync();
        Worker = await ClusterWorker.StartAsync(Cluster, time: Sim.Clock);
    }

    public async Task DisposeAsync()
    {
        await Worker.DisposeAsync();
        await Cluster.DisposeAsync();
    }

    /// <summary>Second by second.</summary>
    private protected async Task PassAsync(TimeSpan time, Func<Task>? eachSecond = null)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += TimeSpan.FromSeconds(1))
        {
            await PassSecondAsync();
            if (eachSecond is not null)
                await eachSecond();
        }
    }

    private protected async Task<Engine> NowAsync(EngineId engine) => (await Worker.Engines.FindAsync(engine, None))!;

    /// <summary>Until it is so; time passes meanwhile.</summary>
    private protected async Task PassUntilAsync(string what, Func<Task<bool>> check, Func<string>? context = null) =>
        await Eventually.TrueAsync(what, Within, async () =>
        {
            await PassSecondAsync();
            return await check();
        }, context);

    private protected async Task<Engine> PassUntilAsync(EngineId engine, EngineState state, string? reason = null)
    {
        Engine? now = null;
        await PassUntilAsync(
            $"{state} {reason}", async () => (now = await NowAsync(engine)).State == state && (reason is null || now.Reason.Code == reason), () => $"last seen: {now}");
        return now!;
    }

    /// <summary>The worker's beat keeps pace: however slow this machine is, no term ends because of that.</summary>
    private async Task PassSecondAsync()
    {
        Sim.Clock.Advance(TimeSpan.FromSeconds(1));
        await Task.Delay(Pace, TimeProvider.System);
        if (++_seconds % 2 == 0)
            await Worker.BeatsAsync();
    }
}
