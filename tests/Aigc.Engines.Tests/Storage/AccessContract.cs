using Aigc.Engines.Access;
using Aigc.Engines.Auditing;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.People;
using Aigc.Engines.Storage;

namespace Aigc.Engines.Tests.Storage;

public sealed class SqliteAccessTests() : AccessContract(new SqliteMaker());

public sealed class PostgresAccessTests() : AccessContract(new PostgresMaker());

/// <summary>Shares and administrators' accesses, as the database keeps them and as the engine's own row tells the gate of them.</summary>
public abstract class AccessContract(DatabaseMaker maker) : StoreContract(maker)
{
    private static readonly Actor Root = new(new UserId("root"), "root", "10.0.0.1");
    private static readonly Standing Bob = new(new("bob"), new("art"), Role.User);

    private AccessStore Access => new(Database, Time);

    [Fact]
    public async Task A_share_is_in_the_engines_row_until_it_is_taken_back()
    {
        var engine = await CreateAsync();
        await new PeopleStore(Database, Time).SaveAsync(new(new("bob"), "bobby", "Bob", null, new("art"), Role.User), InTime);
        var share = (await ShareAsync(engine, "bob")).ShouldNotBeNull();
        share.SubjectName.ShouldBe("bobby");
        (await ShareAsync(engine, "bob"))!.Id.ShouldBe(share.Id, "shared twice is shared once");
        (await Access.ListSharesAsync(engine.Id, InTime)).Select(one => one.Id).ShouldBe([share.Id]);

        var shared = await FindAsync(engine.Id);
        shared.Access!.ShouldBe([new Grant(SubjectKind.Person, "bob", AccessLevel.View, null)]);
        shared.RowVersion.ShouldBeGreaterThan(engine.RowVersion, "whoever follows the row looks again");
        (await Access.ListSharedAsync(Bob, InTime)).Select(one => one.Id).ShouldBe([engine.Id]);

        (await Access.UnshareAsync(engine.Id, "another", ByAlice, InTime)).ShouldBeNull();
        (await Access.UnshareAsync((await CreateAsync("other")).Id, share.Id, ByAlice, InTime)).ShouldBeNull("it is another engine's");
        (await Access.UnshareAsync(engine.Id, share.Id, ByAlice, InTime)).ShouldNotBeNull();
        (await FindAsync(engine.Id)).Access.ShouldBeNull();
        (await Access.ListSharedAsync(Bob, InTime)).ShouldBeEmpty();
        (await CountAsync("audit WHERE action = 'engine.share'")).ShouldBe(1);
        (await CountAsync("audit WHERE action = 'engine.unshare' AND target_id = '" + engine.Id + "' AND owner_id = 'alice'")).ShouldBe(1);
    }

    [Fact]
    public async Task A_group_sees_what_is_shared_with_it_and_no_other_group_does()
    {
        var engine = await CreateAsync();
        await Access.ShareAsync(engine.Id, SubjectKind.Group, "art", ByAlice, InTime);
        (await Access.ListSharedAsync(Bob, InTime)).ShouldHaveSingleItem();
        (await Access.ListSharedAsync(Bob with { Group = new("film") }, InTime)).ShouldBeEmpty();
        (await Access.ListSharedAsync(Bob with { Id = new("alice") }, InTime)).ShouldBeEmpty("her own is not shared with her");
    }

    [Fact]
    public async Task An_administrators_access_is_told_for_days_and_can_be_ended()
    {
        var engine = await CreateAsync();
        var until = Time.GetUtcNow().AddHours(1);
        var access = (await OpenAsync(engine, "root", until)).ShouldNotBeNull();
        (access.Reason, access.GrantedBy).ShouldBe(("a look at the fault", "root"));
        (await FindAsync(engine.Id)).Access!.ShouldHaveSingleItem().Level.ShouldBe(AccessLevel.Use);
        var told = (await new EventLog(Database).ReadAsync(engine.Id, 0, 9, InTime))[^1];
        (told.Reason.Code, told.Reason.Detail, told.Actor).ShouldBe((Reasons.AdminAccess, "a look at the fault", "root"));

        (await Access.CloseAsync(engine.Id, new UserId("carol"), Root, InTime)).ShouldBeNull("carol has none");
        (await Access.CloseAsync(engine.Id, null, ByAlice, InTime)).ShouldNotBeNull();
        (await Access.CloseAsync(engine.Id, null, ByAlice, InTime)).ShouldBeNull("ended once");
        (await FindAsync(engine.Id)).Access.ShouldBeNull();
        var ended = (await Access.ListAccessesAsync(engine.Id, InTime)).ShouldHaveSingleItem();
        ended.Grant.Until.ShouldNotBeNull().ShouldBeLessThan(until);
        (await CountAsync("audit WHERE action LIKE 'engine.admin-access%' AND address = '10.0.0.1'")).ShouldBe(1);
        (await CountAsync("audit WHERE action = 'engine.admin-access-end'")).ShouldBe(1);
    }

    [Fact]
    public async Task Opened_again_the_time_counts_from_then_and_both_are_told()
    {
        var engine = await CreateAsync();
        await OpenAsync(engine, "root", Time.GetUtcNow().AddHours(8));
        var until = Time.GetUtcNow().AddMinutes(5);
        await OpenAsync(engine, "root", until);
        (await FindAsync(engine.Id)).Access!.ShouldHaveSingleItem().Until!.Value.ShouldBe(until, TimeSpan.FromMilliseconds(1));
        (await Access.ListAccessesAsync(engine.Owner, InTime)).Count.ShouldBe(2);
        (await Access.ListAccessesAsync(new UserId("bob"), InTime)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Simultaneous_changes_lose_nothing()
    {
        var engine = await CreateAsync();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => ShareAsync(engine, $"person{i}"))));
        (await FindAsync(engine.Id)).Access!.Count.ShouldBe(8);
    }

    [Fact]
    public async Task What_is_deleted_is_shared_with_nobody_also_when_its_disk_is_taken_back()
    {
        var engine = await CreateAsync();
        await ShareAsync(engine, "bob");
        await Engines.DeleteAsync(engine.Id, keepDisk: true, ByAlice, InTime);
        (await ShareAsync(engine, "carol")).ShouldBeNull();
        await Observed.RemoveAsync(await FindAsync(engine.Id), Term, InTime);
        await Engines.CreateAsync(Some(engine.Id, "demo-alice-2"), ByAlice, InTime);
        await ShareAsync(engine, "carol");
        (await FindAsync(engine.Id)).Access!.ShouldHaveSingleItem().Subject.ShouldBe("carol");
    }

    [Fact]
    public async Task A_group_has_its_engines_alone()
    {
        var engine = await CreateAsync();
        (await Engines.ListGroupAsync(new GroupId("art"), InTime)).Select(one => one.Id).ShouldBe([engine.Id]);
        (await Engines.ListGroupAsync(new GroupId("film"), InTime)).ShouldBeEmpty();
    }

    private Task<EngineGrant?> ShareAsync(Engine engine, string person) =>
        Access.ShareAsync(engine.Id, SubjectKind.Person, person, ByAlice, InTime);

    private Task<EngineGrant?> OpenAsync(Engine engine, string admin, DateTimeOffset until) =>
        Access.OpenAsync(engine.Id, new UserId(admin), "a look at the fault", until, Root, InTime);
}
