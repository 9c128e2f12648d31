using Aigc.Engines.Lifecycle;
using Aigc.Engines.People;
using Aigc.Engines.Pools;

namespace Aigc.Engines.Tests.Pools;

/// <summary>Who shares scarce cards with whom, when nobody ever has enough.</summary>
public sealed class FairShareProperties
{
    private const string Gpu = "nvidia.com/gpu";
    private const int Cards = 80;
    private static readonly TimeSpan Overtaking = TimeSpan.FromMinutes(2);
    private static readonly DateTimeOffset Begin = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Groups_that_wait_come_to_have_their_shares_whoever_was_first(int seed)
    {
        var crowd = new Crowd(seed, group => group.Value == "large" ? 2 : 1);
        // One of them has all cards, and a thousand more wakes of a single person; then the others come.
        crowd.Ask("alone", 1000, units: 1);
        crowd.Advance(TimeSpan.FromMinutes(1));
        crowd.Admission.HeldBy(new("alone")).ShouldBe(Cards);
        foreach (var group in (string[])["large", "small", "other"])
            crowd.Ask(group, 1000, units: 1);
        crowd.Advance(TimeSpan.FromHours(1));
        var shares = crowd.Watch(TimeSpan.FromHours(4));
        shares["large"].ShouldBeGreaterThan(0.95 * Cards * 2 / 5);
        foreach (var group in (string[])["alone", "small", "other"])
            shares[group].ShouldBeGreaterThan(0.95 * Cards / 5);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_large_engine_has_its_turn_though_small_ones_never_end_to_come(int seed)
    {
        var crowd = new Crowd(seed, _ => 1);
        crowd.Ask("small", 3000, units: 1);
        crowd.Advance(TimeSpan.FromHours(1));
        var large = crowd.Ask("large", 1, units: Cards / 2).Single();
        var began = crowd.Now;
        while (crowd.Admission.Granted.All(grant => grant.Engine != large))
        {
            crowd.Advance(TimeSpan.FromMinutes(1));
            (crowd.Now - began).ShouldBeLessThan(TimeSpan.FromHours(2), "it starves");
        }
    }

    [Fact]
    public void What_was_asked_long_ago_goes_before_what_is_urgent()
    {
        var admission = new PoolAdmission([new("studio", Gpu, 1)], _ => 1, Overtaking);
        var (running, patient) = (EngineId.New(), EngineId.New());
        admission.Ask(Request(running, "film", 1), Begin);
        admission.Serve(Begin);
        admission.Ask(Request(patient, "film", 1), Begin);
        var now = Begin;
        for (var urgent = 0; admission.Granted.All(grant => grant.Engine != patient); urgent++)
        {
            urgent.ShouldBeLessThan(10, "it starves");
            now += TimeSpan.FromMinutes(10);
            admission.Ask(Request(EngineId.New(), "film", 1) with { Priority = 1 }, now);
            admission.Release(admission.Granted.Single().Engine);
            admission.Serve(now);
        }

        now.ShouldBeGreaterThanOrEqualTo(Begin + PoolAdmission.HeadStart, "until then the urgent ones went first");
    }

    private static PoolRequest Request(EngineId engine, string group, long units) => new(engine, new(group), new Dictionary<string, long> { [Gpu] = units });

    /// <summary>Engines that each run for a while, minute by minute.</summary>
    private sealed class Crowd(int seed, Func<GroupId, double> weightOf)
    {
        private readonly Random _random = new(seed);
        private readonly PriorityQueue<EngineId, DateTimeOffset> _ends = new();

        public PoolAdmission Admission { get; } = new([new("studio", Gpu, Cards)], weightOf, Overtaking);
        public DateTimeOffset Now { get; private set; } = Begin;

        public List<EngineId> Ask(string group, int engines, long units)
        {
            var asked = Enumerable.Range(0, engines).Select(_ => EngineId.New()).ToList();
            foreach (var engine in asked)
                Admission.Ask(Request(engine, group, units), Now);
            return asked;
        }

        public void Advance(TimeSpan time) => Watch(time);

        /// <returns>What each group had, on average.</returns>
        public Dictionary<string, double> Watch(TimeSpan time)
        {
            var minutes = (int)time.TotalMinutes;
            var shares = new Dictionary<string, double>();
            for (var minute = 0; minute < minutes; minute++)
            {
                Now += TimeSpan.FromMinutes(1);
                while (_ends.TryPeek(out var engine, out var end) && end <= Now)
                    Admission.Release(_ends.Dequeue());
                foreach (var grant in Admission.Serve(Now))
                    _ends.Enqueue(grant.Engine, Now + TimeSpan.FromMinutes(_random.Next(5, 45)));
                foreach (var grant in Admission.Granted)
                    shares[grant.Group.Value] = shares.GetValueOrDefault(grant.Group.Value) + (grant.Gpus / minutes);
            }

            return shares;
        }
    }
}
