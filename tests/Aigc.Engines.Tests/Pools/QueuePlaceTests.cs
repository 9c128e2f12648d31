using Aigc.Engines.Lifecycle;
using Aigc.Engines.Policies;
using Aigc.Engines.Pools;
using Aigc.Engines.Quotas;

namespace Aigc.Engines.Tests.Pools;

public sealed class QueuePlaceTests
{
    [Fact]
    public void A_place_comes_back_as_it_was_told()
    {
        var quota = new QuotaUsed(new(QuotaItem.Gpus, RuleScope.Group, "film & games = 电影/a b", 4000), 3500).ToDetail();
        var place = new QueuePlace(3, WaitCause.Refused, "on-premises", 10, "cloud", quota);
        QueuePlace.Parse(place.ToDetail()).ShouldBe(place);
        QueuePlace.Parse(place.ToDetail() + " newer=x").ShouldBe(place, "what only a newer version tells is left out");
        QuotaUsed.Parse(QueuePlace.Parse(place.ToDetail())!.Quota)!.Limit.Id.ShouldBe("film & games = 电影/a b");
    }

    [Theory]
    [InlineData("3", "Waiting for its turn, number 3 in the queue.")]
    [InlineData("", "Waiting for its turn.")]
    [InlineData("soon", "Waiting for its turn.")]
    [InlineData("2 why=NoRoom pool=on-premises wait=10", "Waiting for its turn, number 2 in the queue; on-premises is full. It should start in about 10 minutes.")]
    [InlineData("1 why=NoPool", "Waiting for its turn, number 1 in the queue; no pool that is open is as large as what it needs: ask an administrator.")]
    [InlineData("1 why=Refused pool=a quota=Gpus%2F4000%2F4000%2FGroup%2Ffilm",
        "Waiting for its turn, number 1 in the queue; the group film has 4 of 4 GPUs. It starts once something of that sleeps.")]
    [InlineData("120 why=NoRoom pool=a wait=90", "Waiting for its turn, behind more than 119 others in the queue; a is full. It should start in about 1.5 hours.")]
    public void People_are_told_where_they_are_and_why(string detail, string words) =>
        ReasonWords.For(new(Reasons.Queued, detail), "en").ShouldBe(words);

    [Fact]
    public void A_long_queue_that_moves_changes_few_words()
    {
        Enumerable.Range(1, 200).Select(QueuePlace.Rounded).Distinct().Count().ShouldBeLessThan(40);
        QueuePlace.Rounded(TimeSpan.FromMinutes(7.5)).ShouldBe(10);
        QueuePlace.Rounded(TimeSpan.FromHours(9)).ShouldBeNull();
    }

    [Theory]
    [InlineData("on-premises=NoRoom", "Placed in cloud, because on-premises was full.")]
    [InlineData("on-premises=NoRoom,small=NoPool", "Placed in cloud, because on-premises was full and small has nothing for it.")]
    [InlineData("asked", "Placed in cloud, because its owner asked for it.")]
    public void Where_it_went_and_why_is_told(string why, string words) =>
        ReasonWords.For(new(Reasons.Placed, $"cloud {why}"), "en").ShouldBe(words);

    [Fact]
    public void Pools_that_can_not_be_are_refused_in_words()
    {
        PoolRules.Violations(new("on-premises", "nvidia.com/gpu", 8)).ShouldBeEmpty();
        var wrong = new Pool("On Premises", "gpu here", -1, 0, StartsAtOnce: -1)
        {
            Title = new('x', 61),
            NodeSelector = new Dictionary<string, string> { ["a b"] = "c" },
            Tolerations = System.Text.Json.JsonElement.Parse("""[{"key": "gpu", "tolerationSeconds": "soon"}]"""),
        };
        PoolRules.Violations(wrong).Count().ShouldBe(8);
        PoolRules.Violations(wrong with { Tolerations = System.Text.Json.JsonElement.Parse("1e400") }).Count().ShouldBe(8);
    }
}
