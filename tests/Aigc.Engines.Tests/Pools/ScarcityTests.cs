using Aigc.Engines.Pools;

namespace Aigc.Engines.Tests.Pools;

public sealed class ScarcityTests
{
    private static readonly Scarcity Scarcity = new(Below: 0.2, Least: TimeSpan.FromMinutes(1));

    [Theory]
    [InlineData(1, 5)]
    [InlineData(0.2, 5)]
    [InlineData(0.1, 3)]
    [InlineData(0, 1)]
    [InlineData(-0.5, 1)]
    public void The_fewer_cards_are_free_the_sooner_who_idles_gives_way(double free, double minutes)
    {
        Scarcity.IdleTimeout(TimeSpan.FromMinutes(5), free).ShouldBe(TimeSpan.FromMinutes(minutes), TimeSpan.FromMilliseconds(1));
    }

    [Fact]
    public void A_timeout_that_is_shorter_anyway_stays()
    {
        Scarcity.IdleTimeout(TimeSpan.FromSeconds(20), 0).ShouldBe(TimeSpan.FromSeconds(20));
    }
}
