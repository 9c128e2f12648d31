using Aigc.Engines.Lifecycle;
using Aigc.Worker.Reconciling;

namespace Aigc.Worker.Tests.Reconciling;

public sealed class AdmissionTests
{
    private readonly List<EngineId> _engines = [.. Enumerable.Range(0, 100).Select(_ => EngineId.New())];

    [Fact]
    public void Without_a_bound_nobody_waits_here()
    {
        var admission = new Admission(null);
        _engines.ConvertAll(admission.Ask).ShouldAllBe(place => place == 0);
    }

    [Fact]
    public void A_bound_is_kept_and_who_waits_is_told_the_place()
    {
        var admission = new Admission(98);
        _engines.ConvertAll(admission.Ask).TakeLast(3).ShouldBe([0, 1, 2]);
        admission.Release(_engines[0]).ShouldBe([_engines[98], _engines[99]]);
        new[] { _engines[98], _engines[99] }.Select(admission.Ask).ShouldBe([0, 1]);
    }
}
