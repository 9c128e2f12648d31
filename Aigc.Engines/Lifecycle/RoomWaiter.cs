using Aigc.Engines.Tracking;

namespace Aigc.Engines.Lifecycle;

/// <summary>
/// An engine that waits until a machine of the cluster has room for it. Its place in the queue is counted by whoever shows it, and
/// written nowhere: when one leaves, the places of all others change.
/// </summary>
/// <param name="Shortage">What it waits for: only who waits for the same is ahead of it.</param>
/// <param name="Since">When it began to wait, which is the order in which the cluster's scheduler tries.</param>
public sealed record RoomWaiter(EngineId Engine, string? Shortage, DateTimeOffset Since)
{
    /// <summary>Null when it does not wait for room.</summary>
    public static RoomWaiter? Of(Engine engine) => Of(engine.Id, engine.State, engine.Reason, engine.StateSince);

    /// <inheritdoc cref="Of(Engine)"/>
    public static RoomWaiter? Of(Route route) => Of(route.Engine, route.State, route.Reason, route.Since);

    /// <summary>How many of these are ahead of it.</summary>
    public int AheadAmong(IEnumerable<RoomWaiter> all) => all.Count(other => other.Shortage == Shortage && IsAhead(other));

    private bool IsAhead(RoomWaiter other) =>
        other.Since < Since || (other.Since == Since && string.CompareOrdinal(other.Engine.Value, Engine.Value) < 0);

    private static RoomWaiter? Of(EngineId engine, EngineState state, Reason reason, DateTimeOffset since) =>
        state == EngineState.Queued && reason.Code == Reasons.NoRoom ? new(engine, reason.Detail, since) : null;
}
