using Aigc.Engines.Lifecycle;

namespace Aigc.Engines.Tests.Lifecycle;

/// <summary>People in a queue want to know whether it moves.</summary>
public sealed class RoomWaiterTests
{
    private static readonly DateTimeOffset Now = new(2026, 5, 4, 3, 2, 1, TimeSpan.Zero);

    [Fact]
    public void Ahead_is_who_waits_longer_for_the_same()
    {
        var (first, second, third) = (Waiter("b", "gpu", 0), Waiter("c", "gpu", 1), Waiter("a", "gpu", 2));
        var all = new[] { third, Waiter("d", "memory", 0), first, second, Waiter("e", "gpu", 3) };
        all.Select(waiter => waiter.AheadAmong(all)).ShouldBe([2, 0, 0, 1, 3]);
        third.AheadAmong(all.Where(waiter => waiter != first)).ShouldBe(1, "the first has got its machine");
    }

    [Fact]
    public void Who_came_at_the_same_moment_has_a_place_of_its_own()
    {
        var all = new[] { Waiter("b", "gpu", 0), Waiter("a", "gpu", 0), Waiter("c", "gpu", 0) };
        all.Select(waiter => waiter.AheadAmong(all)).ShouldBe([1, 0, 2]);
    }

    [Fact]
    public void Only_who_waits_for_room_is_in_the_queue()
    {
        var engine = new Engine
        {
            Id = EngineId.New(),
            Owner = new("alice"),
            Group = new("studio"),
            Template = "demo",
            TemplateVersion = "1",
            Host = "demo",
            Desired = Desired.Awake,
            DesiredReason = new(Reasons.Visit),
            State = EngineState.Queued,
            Reason = new(Reasons.NoRoom, "not enough nvidia.com/gpu"),
            Generation = 1,
            StateSince = Now,
            CreatedAt = Now,
        };
        RoomWaiter.Of(engine).ShouldBe(new(engine.Id, "not enough nvidia.com/gpu", Now));
        RoomWaiter.Of(engine with { Reason = new(Reasons.Placing) }).ShouldBeNull();
        RoomWaiter.Of(engine with { State = EngineState.Failed }).ShouldBeNull("it has waited in vain");
    }

    private static RoomWaiter Waiter(string id, string shortage, int seconds) => new(new(id), shortage, Now.AddSeconds(seconds));
}
