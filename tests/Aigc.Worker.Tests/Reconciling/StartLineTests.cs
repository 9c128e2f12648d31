using Aigc.Engines.Lifecycle;
using Aigc.Worker.Reconciling;

namespace Aigc.Worker.Tests.Reconciling;

public sealed class StartLineTests
{
    private readonly PendingWork<EngineId> _queue = new(TimeProvider.System);
    private readonly List<EngineId> _engines = [.. Enumerable.Range(0, StartLine.AtOnce + 3).Select(_ => EngineId.New())];

    [Fact]
    public void Engines_start_in_the_order_of_asking_and_the_rest_wait_for_one_to_be_done()
    {
        var line = new StartLine(_queue);
        _engines.Select(line.Ask).ShouldBe([.. Enumerable.Repeat(true, StartLine.AtOnce), false, false, false]);
        line.Leave(_engines[3]);
        Waiting().ShouldBe([_engines[StartLine.AtOnce]]);
        line.Ask(_engines[StartLine.AtOnce]).ShouldBeTrue();
        line.Ask(_engines[^1]).ShouldBeFalse("it would overtake the one before it");
    }

    [Fact]
    public void Who_wants_to_start_no_more_leaves_its_place_to_those_behind()
    {
        var line = new StartLine(_queue);
        _engines.ForEach(engine => line.Ask(engine));
        line.Leave(_engines[StartLine.AtOnce]);
        Waiting().ShouldBeEmpty("nobody has started");
        line.Leave(_engines[0]);
        line.Leave(_engines[0]);
        Waiting().ShouldBe([_engines[StartLine.AtOnce + 1]]);
    }

    private IEnumerable<EngineId> Waiting() => _engines.Where(_queue.IsPending);
}
