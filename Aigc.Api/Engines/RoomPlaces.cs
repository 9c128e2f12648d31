using Aigc.Engines.Lifecycle;
using Aigc.Engines.Storage;

namespace Aigc.Api.Engines;

/// <summary>Tells of engines that wait for the cluster's room how many are ahead of them. The rows are read at most once a second, for all who ask.</summary>
public sealed class RoomPlaces(EngineStore engines, TimeProvider time)
{
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(1);
    private volatile Look? _last;

    private sealed record Look(IReadOnlyList<RoomWaiter> Waiters, long At);

    /// <summary>The engine, with its place where it has one.</summary>
    public async ValueTask<Engine> PlaceAsync(Engine engine, CancellationToken cancellationToken) =>
        RoomWaiter.Of(engine) is { } waiter
            ? engine with { Reason = engine.Reason with { Ahead = waiter.AheadAmong(await WaitersAsync(cancellationToken)) } }
            : engine;

    private async ValueTask<IReadOnlyList<RoomWaiter>> WaitersAsync(CancellationToken cancellationToken)
    {
        if (_last is { } last && time.GetElapsedTime(last.At) < Freshness)
            return last.Waiters;
        var at = time.GetTimestamp();
        var waiting = await engines.ListByReasonAsync(EngineState.Queued, Reasons.NoRoom, cancellationToken);
        _last = last = new([.. waiting.Select(RoomWaiter.Of).OfType<RoomWaiter>()], at);
        return last.Waiters;
    }
}
