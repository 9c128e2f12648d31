using Aigc.Engines.People;
using Aigc.Engines.Policies;
using Aigc.Engines.Storage;

namespace Aigc.Engines.Tests.Storage;

public sealed class SqliteRuleTests() : RuleContract(new SqliteMaker());

public sealed class PostgresRuleTests() : RuleContract(new PostgresMaker());

public abstract class RuleContract(DatabaseMaker maker) : StoreContract(maker)
{
    private RuleStore Rules => new(Database, Time);

    [Fact]
    public async Task A_rule_is_laid_down_replaced_and_removed_and_each_is_in_the_audit_log()
    {
        await Rules.SaveAsync(new(RuleKind.Idle, RuleScope.Group, "art", """{"timeout":"20m"}"""), ByAlice, InTime);
        await Rules.SaveAsync(new(RuleKind.Idle, RuleScope.Group, "art", """{"timeout":"10m"}"""), ByAlice, InTime);
        await Rules.SaveAsync(new(RuleKind.Idle, RuleScope.Everyone, "", """{"timeout":"1h"}"""), ByAlice, InTime);
        await Rules.SaveAsync(new(RuleKind.Quota, RuleScope.Person, "auth0|a/b", "{}"), ByAlice, InTime);

        (await Rules.ListAsync(RuleKind.Idle, InTime)).Select(rule => (rule.Path, rule.Body))
            .ShouldBe([("idle/everyone", """{"timeout":"1h"}"""), ("idle/group/art", """{"timeout":"10m"}""")]);
        (await Rules.FindAsync(RuleKind.Quota, RuleScope.Person, "auth0|a/b", InTime)).ShouldNotBeNull().Body.ShouldBe("{}");

        (await Rules.RemoveAsync(RuleKind.Idle, RuleScope.Group, "art", ByAlice, InTime)).ShouldBeTrue();
        (await Rules.RemoveAsync(RuleKind.Idle, RuleScope.Group, "art", ByAlice, InTime)).ShouldBeFalse("it is gone already");
        (await CountAsync("audit WHERE action = 'rule.save' AND target_kind = 'rule' AND target_id = 'idle/group/art' AND group_id = 'art'")).ShouldBe(2);
        (await CountAsync("audit WHERE action = 'rule.remove'")).ShouldBe(1);
    }

    [Fact]
    public async Task Watchers_hear_of_the_kind_that_changed()
    {
        await using var changes = Database.WatchAsync(InTime).GetAsyncEnumerator();
        await changes.MoveNextAsync();
        await Rules.SaveAsync(new(RuleKind.Idle, RuleScope.Everyone, "", "{}"), ByAlice, InTime);
        await changes.MoveNextAsync();
        changes.Current.ShouldBe(new DatabaseChange.Changed(ChangeKind.Rule, "idle"));
        await Rules.RemoveAsync(RuleKind.Idle, RuleScope.Everyone, "", ByAlice, InTime);
        await changes.MoveNextAsync();
        changes.Current.ShouldBe(new DatabaseChange.Changed(ChangeKind.Rule, "idle"));
    }

    [Fact]
    public async Task Rules_go_with_the_group_and_the_people_they_are_for()
    {
        await new PeopleStore(Database, Time).SaveAsync(new(new("bob"), "bob", "Bob", null, new("film"), Role.User), InTime);
        await Rules.SaveAsync(new(RuleKind.Idle, RuleScope.Group, "film", "{}"), ByAlice, InTime);
        await Rules.SaveAsync(new(RuleKind.Quota, RuleScope.Person, "bob", "{}"), ByAlice, InTime);
        await Rules.SaveAsync(new(RuleKind.Idle, RuleScope.Everyone, "", "{}"), ByAlice, InTime);
        await new DeletionStore(Database, Time).DeleteGroupAsync(new("film"), TimeSpan.Zero, ByAlice, InTime);
        (await CountAsync("rules")).ShouldBe(1);
    }
}
