using Aigc.Engines.Leading;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.Storage;
using Aigc.Engines.Templates;
using Dapper;

namespace Aigc.Engines.Tests.Storage;

public sealed class SqliteDatabaseTests() : DatabaseContract(new SqliteMaker());

public sealed class PostgresDatabaseTests() : DatabaseContract(new PostgresMaker());

public abstract class DatabaseContract(DatabaseMaker maker) : StoreContract(maker)
{
    [Fact]
    public async Task Several_services_that_start_at_once_migrate_once()
    {
        var connectionString = await Maker.NewAsync();
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(async () =>
        {
            await using var database = Database.FromConnectionString(connectionString, Time);
            await database.MigrateAsync(InTime);
            (await new EngineStore(database, Time).ListAllAsync(InTime)).ShouldBeEmpty();
        })));
    }

    [Fact]
    public async Task What_the_first_release_wrote_is_there_after_the_upgrade()
    {
        await using var database = Database.FromConnectionString(await Maker.NewAsync(), Time);
        await Maker.MakeFirstSchemaAsync(database);
        await using (var connection = await database.OpenAsync(InTime))
        {
            await connection.ExecuteAsync(
                """
                INSERT INTO engines (id, owner_id, group_id, template, template_version, host, desired, desired_code, generation, created_at, state, reason_code, state_since)
                VALUES ('e1', 'alice', 'art', 'demo', '1', 'demo-alice', 'Awake', 'visit', 7, 1, 'Ready', 'ready', 2);
                INSERT INTO engine_events (engine_id, at, state, reason_code) VALUES ('e1', 1, 'Ready', 'ready');
                INSERT INTO sign_ins (key, user_id, body, expires_at) VALUES ('k', 'alice', '{}', 1);
                """);
        }

        await database.MigrateAsync(InTime);
        await database.MigrateAsync(InTime);
        var engine = (await new EngineStore(database, Time).FindAsync(new("e1"), InTime)).ShouldNotBeNull();
        (engine.Host, engine.Generation, engine.State).ShouldBe(("demo-alice", 7, EngineState.Ready));
        (await new EventLog(database).ReadAsync(engine.Id, 0, 9, InTime)).ShouldHaveSingleItem();
        (await new LeaderLease(database, "w").TakeAsync(null, InTime)).ShouldBe(new Term(1));
    }

    [Fact]
    public async Task A_schema_newer_than_the_program_is_refused_with_a_remedy()
    {
        await using (var connection = await Database.OpenAsync(InTime))
            await connection.ExecuteAsync(Maker.SetVersion(999));
        var error = await Should.ThrowAsync<InvalidOperationException>(() => Database.MigrateAsync(InTime));
        error.Message.ShouldContain("schema 999");
        error.Message.ShouldContain("restore a backup");
    }

    [Fact]
    public async Task Watchers_hear_of_every_change_of_every_process()
    {
        var engine = await CreateAsync();
        await using var other = Open();
        await using var changes = other.WatchAsync(InTime).GetAsyncEnumerator();
        (await NextAsync(changes)).ShouldBeOfType<DatabaseChange.Resync>();
        await WakeAsync(engine);
        (await NextAsync(changes)).ShouldBe(new DatabaseChange.Changed(ChangeKind.Engine, engine.Id.Value));
        await Engines.DeleteAsync(engine.Id, false, ByAlice, InTime);
        await NextAsync(changes);
        await Observed.RemoveAsync(await FindAsync(engine.Id), Term, InTime);
        (await NextAsync(changes)).ShouldBe(new DatabaseChange.Changed(ChangeKind.Engine, engine.Id.Value));
        await new TemplateStore(Database, Time).SaveAsync(TemplateStoreContract.Demo("1"), "", ByAlice, InTime);
        (await NextAsync(changes)).ShouldBe(new DatabaseChange.Changed(ChangeKind.Template, "demo"));
        await new TemplateStore(Database, Time).RemoveAsync("demo", ByAlice, InTime);
        (await NextAsync(changes)).ShouldBe(new DatabaseChange.Changed(ChangeKind.Template, "demo"));
    }

    [Fact]
    public async Task What_is_rolled_back_is_told_to_nobody()
    {
        var engine = await CreateAsync();
        await using var changes = Database.WatchAsync(InTime).GetAsyncEnumerator();
        await NextAsync(changes);
        await using (var connection = await Database.OpenAsync(InTime))
        {
            await using var transaction = await connection.BeginTransactionAsync(InTime);
            await connection.ExecuteAsync("UPDATE engines SET host = 'never'", transaction: transaction);
        }

        await new TemplateStore(Database, Time).SaveAsync(TemplateStoreContract.Demo("1"), "", ByAlice, InTime);
        (await NextAsync(changes)).ShouldBe(new DatabaseChange.Changed(ChangeKind.Template, "demo"));
        (await FindAsync(engine.Id)).Host.ShouldBe(engine.Host);
    }

    [Fact]
    public async Task A_watcher_ends_when_the_service_stops()
    {
        using var stop = new CancellationTokenSource();
        await using var changes = Database.WatchAsync(stop.Token).GetAsyncEnumerator(InTime);
        await NextAsync(changes);
        var next = changes.MoveNextAsync().AsTask();
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => next.WaitAsync(InTime));
    }

    private static async Task<DatabaseChange> NextAsync(IAsyncEnumerator<DatabaseChange> changes)
    {
        (await changes.MoveNextAsync().AsTask().WaitAsync(InTime)).ShouldBeTrue();
        return changes.Current;
    }
}
