using System.Data.Common;
using Aigc.Engines.Auditing;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.People;
using Aigc.Engines.Storage;
using Aigc.Engines.Tests.Storage;
using Dapper;

namespace Aigc.Engines.Tests.Auditing;

public sealed class SqliteAuditTests() : AuditContract(new SqliteMaker());

public sealed class PostgresAuditTests() : AuditContract(new PostgresMaker());

/// <summary>What was done can be found again, and nobody gets around the log.</summary>
public abstract class AuditContract(DatabaseMaker maker) : StoreContract(maker)
{
    private AuditLog Log => new(Database, Time);

    [Fact]
    public async Task Each_change_is_there_once_with_who_and_from_where()
    {
        var engine = await CreateAsync();
        await WakeAsync(engine);
        await WakeAsync(engine);
        await Engines.SleepIfIdleAsync((await Engines.WakeAsync(engine.Id, new(Reasons.Visit), false, ByAlice, InTime))!, new(Reasons.Idle), Term, InTime);
        await Engines.RestartAsync(engine.Id, ByAlice, InTime);
        await Engines.SleepAsync(engine.Id, new(Reasons.SleepAsked), ByAlice, InTime);
        await Engines.DeleteAsync(engine.Id, keepDisk: false, ByAlice, InTime);

        var entries = (await ReadAsync(AuditSight.Everything)).Reverse().ToList();
        entries.Select(entry => entry.Action).ShouldBe(
            ["engine.take", "engine.wake", "engine.sleep", "engine.restart", "engine.sleep", "engine.delete"], "the second wake changed nothing");
        entries.Select(entry => entry.Detail).ShouldBe(["demo 1", "visit", "idle", "restart-asked", "sleep-asked", "disk removed"]);
        entries.Where(entry => entry.Detail != "idle").ShouldAllBe(entry => entry.Actor == ByAlice);
        entries[2].Actor.ShouldBe(Actor.Gateway);
        entries.ShouldAllBe(entry => entry.Target == new AuditTarget("engine", engine.Id.Value, engine.Host, engine.Owner, engine.Group));
    }

    [Fact]
    public async Task What_cannot_be_noted_does_not_happen()
    {
        var engine = await CreateAsync();
        await WriteAsync("ALTER TABLE audit RENAME TO elsewhere");
        await Should.ThrowAsync<DbException>(() => WakeAsync(engine));
        await Should.ThrowAsync<DbException>(() => Engines.DeleteAsync(engine.Id, false, ByAlice, InTime));
        await Should.ThrowAsync<DbException>(() => Engines.CreateAsync(Some(EngineId.New(), "another"), ByAlice, InTime));
        await Should.ThrowAsync<DbException>(() => new TemplateStore(Database, Time).SaveAsync(TemplateStoreContract.Demo("1"), "", ByAlice, InTime));
        var token = new PersonalToken("t1", new("alice"), "script", Time.GetUtcNow(), null, null);
        await Should.ThrowAsync<DbException>(() => new TokenStore(Database, Time).SaveAsync(token, SignInKey.Of("secret"), ByAlice, InTime));

        (await FindAsync(engine.Id)).ShouldBe(engine);
        (await CountAsync("engines")).ShouldBe(1);
        (await CountAsync("templates") + await CountAsync("tokens")).ShouldBe(0);
    }

    [Theory]
    [InlineData("UPDATE audit SET actor_name = 'nobody'")]
    [InlineData("DELETE FROM audit")]
    [InlineData("DELETE FROM audit WHERE at < 9000000000000")]
    public async Task Nobody_changes_or_removes_an_entry(string statement)
    {
        await CreateAsync();
        await Should.ThrowAsync<DbException>(() => WriteAsync(statement));
        (await ReadAsync(AuditSight.Everything)).ShouldHaveSingleItem().Actor.ShouldBe(ByAlice);
    }

    [Fact]
    public async Task Old_entries_go_in_batches_and_by_one_replica_a_day()
    {
        var now = Time.GetUtcNow();
        for (var day = 0; day < 10; day++)
            await InsertAsync(now.AddDays(-day), "alice", "e1");
        var turns = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Log.BeginPruningAsync(now.AddDays(-5.5), InTime))));
        turns.Count(turn => turn).ShouldBe(1);

        (await Log.PruneAsync(3, InTime)).ShouldBe(3);
        (await Log.PruneAsync(3, InTime)).ShouldBe(1);
        (await Log.PruneAsync(3, InTime)).ShouldBe(0);
        (await CountAsync("audit")).ShouldBe(6);
        await Should.ThrowAsync<DbException>(() => WriteAsync("DELETE FROM audit"));
    }

    [Fact]
    public async Task People_see_what_is_theirs_and_managers_their_groups()
    {
        var now = Time.GetUtcNow();
        await InsertAsync(now, "alice", "hers", owner: "alice", group: "art");
        await InsertAsync(now, "admin", "hers", owner: "alice", group: "art");
        await InsertAsync(now, "alice", "his", owner: "bob", group: "film");
        await InsertAsync(now, "bob", "his", owner: "bob", group: "film");

        (await SeenAsync(AuditSight.Everything)).ShouldBe(4);
        (await SeenAsync(new(new UserId("alice")))).ShouldBe(3);
        (await SeenAsync(new(new UserId("bob")))).ShouldBe(2);
        (await SeenAsync(new(new UserId("carol")))).ShouldBe(0);
        (await SeenAsync(new(new UserId("carol"), new GroupId("art")))).ShouldBe(2);
        (await SeenAsync(new(new UserId("alice"), Engines: ["his"]))).ShouldBe(1);
    }

    [Fact]
    public async Task Filters_narrow_and_pages_meet_each_entry_once()
    {
        var start = DateTimeOffset.FromUnixTimeMilliseconds(1_800_000_000_000);
        await new PeopleStore(Database, Time).SaveAsync(new(new("sub-1"), "alice", "Alice", null, new("art"), Role.User), InTime);
        // Three at the same time each: a page may end between them.
        for (var i = 0; i < 30; i++)
            await InsertAsync(start.AddSeconds(i / 3), i % 2 == 0 ? "sub-1" : "bob", $"e{i % 5}", owner: "sub-1", outcome: i % 10 == 0 ? "Refused" : "Done");

        var all = new AuditQuery(new(new UserId("sub-1")), 100);
        (await CountAsync(all)).ShouldBe(30);
        (await CountAsync(all with { Actor = "alice" })).ShouldBe(15, "by user name");
        (await CountAsync(all with { Actor = "sub-1" })).ShouldBe(15);
        (await CountAsync(all with { Actor = "alice", Target = "e0" })).ShouldBe(3);
        (await CountAsync(all with { Outcome = AuditOutcome.Refused })).ShouldBe(3);
        (await CountAsync(all with { Action = "engine.wake" })).ShouldBe(30);
        (await CountAsync(all with { Action = "' OR 1 = 1 --" })).ShouldBe(0);
        (await CountAsync(all with { From = start.AddSeconds(2), To = start.AddSeconds(4) })).ShouldBe(6);

        var met = new List<AuditRecord>();
        AuditPlace? after = null;
        while (await Log.ReadAsync(all with { Limit = 7, After = after }, InTime) is { Count: > 0 } page)
        {
            met.AddRange(page);
            after = page[^1].Place;
        }

        met.ShouldBe(await Log.ReadAsync(all, InTime));
    }

    [Fact]
    public async Task A_page_is_read_along_an_index()
    {
        var all = new AuditQuery(AuditSight.Everything, 100);
        foreach (var query in new[]
        {
            all, all with { Action = "engine.wake" }, all with { Target = "e1" }, all with { Outcome = AuditOutcome.Refused }, all with { Actor = "alice" },
            all with { From = Time.GetUtcNow() }, all with { After = new(1, 1) }, all with { Sight = new(new UserId("alice"), new GroupId("art")) },
        })
        {
            (await AuditPlans.OfAsync(Database, query, InTime)).ShouldNotContain(line => AuditPlans.ReadsAll(line), $"{query}");
        }
    }

    private Task<IReadOnlyList<AuditRecord>> ReadAsync(AuditSight sight) => Log.ReadAsync(new(sight, 100), InTime);

    private async Task<int> SeenAsync(AuditSight sight) => (await ReadAsync(sight)).Count;

    private async Task<int> CountAsync(AuditQuery query) => (await Log.ReadAsync(query, InTime)).Count;

    private async Task InsertAsync(
        DateTimeOffset at, string actor, string target, string owner = "alice", string group = "art", string outcome = "Done")
    {
        await using var connection = await Database.OpenAsync(InTime);
        await using var transaction = await connection.BeginTransactionAsync(InTime);
        await AuditLog.AppendAsync(
            connection, transaction, at.ToUnixTimeMilliseconds(),
            new(AuditActions.EngineWake, Enum.Parse<AuditOutcome>(outcome), new(new(actor), actor, "192.0.2.7"), new("engine", target, target, new(owner), new(group))));
        await transaction.CommitAsync(InTime);
    }

    private async Task WriteAsync(string statement)
    {
        await using var connection = await Database.OpenAsync(InTime);
        await connection.ExecuteAsync(statement);
    }
}
