using System.Collections.Concurrent;
using Aigc.Engines.Lifecycle;

namespace Aigc.Faults.Tests.Clusters;

/// <summary>They visit, wake, restart, put to sleep and delete, in an order that the seed says.</summary>
internal sealed class People(ClusterPlant plant, int seed)
{
    private const int Engines = 8;
    private readonly Random _random = new(seed);
    private readonly ConcurrentDictionary<EngineId, Desired> _asked = new();
    private readonly ConcurrentDictionary<EngineId, bool> _disksGivenUp = new();

    /// <summary>What was last asked of each engine that there ever was.</summary>
    public IReadOnlyDictionary<EngineId, Desired> Asked => _asked;

    public bool HasGivenUpDisk(EngineId engine) => _disksGivenUp.ContainsKey(engine);

    public async Task LiveAsync(CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            var present = _asked.Where(one => one.Value != Desired.Deleted).Select(one => one.Key).OrderBy(one => one.Value, StringComparer.Ordinal).ToList();
            var (choice, place) = (_random.Next(100), _random.Next(Engines));
            await (present.Count < Engines ? TakeAsync() : AskAsync(present[place], choice));
            await PauseAsync(_random.Next(50, 400), end);
        }
    }

    public async Task AllAsync(Func<EngineId, Task> act, Desired asked)
    {
        foreach (var (engine, _) in _asked.Where(one => one.Value != Desired.Deleted))
        {
            _asked[engine] = asked;
            await act(engine);
        }
    }

    private async Task TakeAsync()
    {
        var engine = await plant.EngineAsync();
        _asked[engine] = Desired.Awake;
        await plant.WakeAsync(engine);
        plant.Journal.Add($"take and wake {engine}");
    }

    private async Task AskAsync(EngineId engine, int choice)
    {
        var (what, asked, act) = choice switch
        {
            < 35 => ("visit", Desired.Awake, (Func<Task>)(() => plant.VisitAsync(engine))),
            < 55 => ("wake", Desired.Awake, () => plant.WakeAsync(engine)),
            < 65 => ("restart", Desired.Awake, () => plant.RestartAsync(engine)),
            < 90 => ("sleep", Desired.Asleep, () => plant.SleepAsync(engine)),
            < 95 => ("delete", Desired.Deleted, () => plant.DeleteAsync(engine, keepDisk: true)),
            _ => ("delete with its disk", Desired.Deleted, () => plant.DeleteAsync(engine, keepDisk: false)),
        };
        _asked[engine] = asked;
        if (what == "delete with its disk")
            _disksGivenUp[engine] = true;
        await act();
        plant.Journal.Add($"{what} {engine}");
    }

    private static async Task PauseAsync(int milliseconds, CancellationToken end) =>
        await Task.Delay(TimeSpan.FromMilliseconds(milliseconds), TimeProvider.System, end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
