using Aigc.Engines.Access;
using Aigc.Engines.Auditing;
using Aigc.Engines.Leading;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.People;
using Aigc.Engines.Storage;

namespace Aigc.Engines.Tests.Storage;

public sealed class SqliteDeletionTests() : DeletionContract(new SqliteMaker());

public sealed class PostgresDeletionTests() : DeletionContract(new PostgresMaker());

/// <summary>Whoever leaves the company leaves nothing behind that opens a door, and nothing that comes back to a namesake.</summary>
public abstract class DeletionContract(DatabaseMaker maker) : StoreContract(maker)
{
    private static readonly Actor Root = new(new("root"), "root", null);
    private static readonly UserId Alice = new("alice");
    private static readonly TimeSpan Month = TimeSpan.FromDays(30);

    private DeletionStore Deletions => new(Database, Time);

    private PeopleStore People => new(Database, Time);

    private AccessStore Access => new(Database, Time);

    private KeptDiskStore Disks => new(Database, Time);

    [Fact]
    public async Task Nothing_of_a_deleted_person_opens_anything()
    {
        var (mine, others) = (await SeedAsync("alice", "art"), await SeedAsync("bob", "art"));
        await Access.ShareAsync(others.Id, SubjectKind.Person, "alice", Root, InTime);
        await Access.ShareAsync(mine.Id, SubjectKind.Person, "bob", Root, InTime);
        await Access.OpenAsync(others.Id, Alice, "why", Time.GetUtcNow().AddHours(1), Root, InTime);

        (await DeleteAsync()).ShouldBeTrue();

        (await People.FindAsync(Alice, InTime)).ShouldBeNull();
        (await new TokenStore(Database, Time).ListAsync(Alice, InTime)).ShouldBeEmpty();
        (await new SignInStore(Database, Time).FindAsync(SignInKey.Of("cookie of alice"), InTime)).ShouldBeNull();
        (await Deletions.ListUntoldAsync(InTime)).ShouldBe([SignInKey.Of("cookie of alice"), SignInKey.Of("token of alice")], ignoreOrder: true);
        (await FindAsync(others.Id)).Access.ShouldBeNull();
        (await Access.ListAccessesAsync(others.Id, InTime)).ShouldHaveSingleItem("bob is still told of it").Grant.Until!.Value.ShouldBeLessThanOrEqualTo(Time.GetUtcNow());
        var deleted = await FindAsync(mine.Id);
        (deleted.Desired, deleted.KeepDisk, deleted.Access).ShouldBe((Desired.Deleted, true, null));

        (await FindAsync(others.Id)).Desired.ShouldBe(Desired.Asleep);
        (await new TokenStore(Database, Time).ListAsync(new("bob"), InTime)).ShouldHaveSingleItem();
        (await CountAsync("audit WHERE action = 'person.delete' AND target_name = 'alice' AND actor_id = 'root'")).ShouldBe(1);
        (await CountAsync("audit WHERE action = 'engine.delete' AND target_id = '" + mine.Id + "'")).ShouldBe(1);
    }

    [Fact]
    public async Task Told_once_a_credential_is_forgotten()
    {
        await SeedAsync("alice", "art");
        await DeleteAsync();
        foreach (var key in await Deletions.ListUntoldAsync(InTime))
            await Deletions.ToldAsync(key, InTime);
        (await Deletions.ListUntoldAsync(InTime)).ShouldBeEmpty();
        (await DeleteAsync()).ShouldBeFalse("deleted twice is deleted once");
    }

    [Fact]
    public async Task Disks_are_kept_for_nobody_and_then_due()
    {
        var (awake, before) = (await SeedAsync("alice", "art"), await SeedAsync("alice", "art", "demo-alice-2"));
        await Engines.DeleteAsync(before.Id, keepDisk: true, ByAlice, InTime);
        await Observed.RemoveAsync(await FindAsync(before.Id), Term, InTime);
        await WakeAsync(awake);

        await Deletions.DeletePersonAsync(Alice, Month, Root, InTime);
        (await CountAsync("engines WHERE disk_until IS NOT NULL")).ShouldBe(1);
        await Observed.RemoveAsync(await FindAsync(awake.Id), Term, InTime);
        await People.SaveAsync(Person("alice", "art"), InTime);
        (await Disks.ListAsync(Alice, InTime)).ShouldBeEmpty("who signs in anew begins with nothing");
        (await Engines.ListAsync(Alice, InTime)).ShouldBeEmpty();
        (await Disks.ListDueAsync(InTime)).ShouldBeEmpty("for a month");

        await using (var connection = await Database.OpenAsync(InTime))
            await Dapper.SqlMapper.ExecuteAsync(connection, "UPDATE kept_disks SET remove_at = remove_at - CAST(31 AS BIGINT) * 86400000");
        (await Disks.ListDueAsync(InTime)).ShouldBe([awake.Id, before.Id], ignoreOrder: true);
        await Should.ThrowAsync<NotLeadingException>(() => Disks.RemovedAsync(awake.Id, new(Term.Number + 1), InTime));
        await Disks.RemovedAsync(awake.Id, Term, InTime);
        (await Disks.ListDueAsync(InTime)).ShouldBe([before.Id]);
        (await CountAsync("audit WHERE action = 'disk.remove' AND target_id = '" + awake.Id + "'")).ShouldBe(1);
    }

    [Fact]
    public async Task What_its_owner_had_asked_to_erase_is_erased()
    {
        var engine = await SeedAsync("alice", "art");
        await Engines.DeleteAsync(engine.Id, keepDisk: false, ByAlice, InTime);
        await DeleteAsync();
        (await FindAsync(engine.Id)).KeepDisk.ShouldBeFalse();
    }

    [Fact]
    public async Task A_group_goes_with_its_people_and_with_no_others()
    {
        var (alice, bob, carol) = (await SeedAsync("alice", "art"), await SeedAsync("bob", "art"), await SeedAsync("carol", "film"));
        (await Deletions.DeleteGroupAsync(new("art"), Month, Root, InTime)).ShouldBeTrue();
        (await Deletions.DeleteGroupAsync(new("art"), Month, Root, InTime)).ShouldBeFalse();
        (await FindAsync(alice.Id)).Desired.ShouldBe(Desired.Deleted);
        (await FindAsync(bob.Id)).Desired.ShouldBe(Desired.Deleted);
        (await FindAsync(carol.Id)).Desired.ShouldBe(Desired.Asleep);
        (await People.ListAsync(null, null, 9, InTime)).Select(person => person.UserName).ShouldBe(["carol"]);
        (await CountAsync("audit WHERE action IN ('person.delete', 'group.delete')")).ShouldBe(3);
    }

    [Fact]
    public async Task Simultaneous_deletions_are_one()
    {
        await SeedAsync("alice", "art");
        var deleted = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(DeleteAsync)));
        deleted.Count(done => done).ShouldBe(1);
    }

    [Fact]
    public async Task People_are_found_by_a_part_of_what_is_known_of_them()
    {
        foreach (var name in new[] { "alice", "bob", "under_score", "100%" })
            await People.SaveAsync(Person(name, name == "bob" ? "film" : "art"), InTime);
        (await FoundAsync("ALI")).ShouldBe(["alice"]);
        (await FoundAsync("film")).ShouldBe(["bob"]);
        (await FoundAsync("_")).ShouldBe(["under_score"], "a mark stands for itself");
        (await FoundAsync("%")).ShouldBe(["100%"]);
        (await FoundAsync("nobody")).ShouldBeEmpty();
        var first = await People.ListAsync(null, null, 2, InTime);
        (await People.ListAsync(null, first[^1].Id, 9, InTime)).Concat(first).Count().ShouldBe(4);
        (await People.FindByUserNameAsync("alice", InTime)).ShouldHaveSingleItem();
        (await People.FindByUserNameAsync("ali", InTime)).ShouldBeEmpty();
    }

    private async Task<IReadOnlyList<string>> FoundAsync(string search) =>
        [.. (await People.ListAsync(search, null, 9, InTime)).Select(person => person.UserName)];

    private Task<bool> DeleteAsync() => Deletions.DeletePersonAsync(Alice, Month, Root, InTime);

    private static Person Person(string name, string group) => new(new(name), name, name, null, new(group), Role.User);

    /// <summary>Somebody with an engine, a sign-in and a token.</summary>
    private async Task<Engine> SeedAsync(string name, string group, string? host = null)
    {
        var person = Person(name, group);
        await People.SaveAsync(person, InTime);
        await new SignInStore(Database, Time).SaveAsync(
            new()
            {
                Key = SignInKey.Of("cookie of " + name),
                Kind = SignInKind.Dashboard,
                User = person.Id,
                UserName = name,
                Name = name,
                Group = person.Group,
                ExpiresAt = Time.GetUtcNow().AddHours(1),
            },
            null,
            InTime);
        if (host is null)
        {
            await new TokenStore(Database, Time).SaveAsync(
                new("token-" + name, person.Id, "script", Time.GetUtcNow(), null, null), SignInKey.Of("token of " + name), Root, InTime);
        }

        var engine = Some(EngineId.New(), host ?? "demo-" + name) with { Owner = person.Id, Group = person.Group };
        (await Engines.CreateAsync(engine, Root, InTime)).ShouldBeTrue();
        return await FindAsync(engine.Id);
    }
}
