using Aigc.Engines.Lifecycle;
using Aigc.Engines.Storage;
using Aigc.Engines.Storage.Moving;
using Dapper;

namespace Aigc.Engines.Tests.Storage.Moving;

public sealed class FromSqliteToPostgresTests() : DatabaseCopyContract(new SqliteMaker(), new PostgresMaker());

public sealed class FromPostgresToSqliteTests() : DatabaseCopyContract(new PostgresMaker(), new SqliteMaker());

/// <summary>A company that outgrows one machine takes everything along: engines, disks' owners, history, sign-ins, keys.</summary>
public abstract class DatabaseCopyContract(DatabaseMaker from, DatabaseMaker to) : IAsyncLifetime
{
    private Database _source = null!;
    private Database _target = null!;

    private static CancellationToken InTime => new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token;

    public async Task InitializeAsync()
    {
        _source = Database.FromConnectionString(await from.NewAsync(), TimeProvider.System);
        _target = Database.FromConnectionString(await to.NewAsync(), TimeProvider.System);
        await _source.MigrateAsync(InTime);
    }

    public async Task DisposeAsync()
    {
        await _source.DisposeAsync();
        await _target.DisposeAsync();
        from.Dispose();
        to.Dispose();
    }

    [Fact]
    public async Task Every_row_of_every_table_arrives()
    {
        await Rows.FillAsync(_source, 450);
        var told = new Dictionary<string, long>();
        await new DatabaseCopy(_source, _target).RunAsync(told.Add, InTime);
        var (before, after) = (await Rows.ReadAsync(_source), await Rows.ReadAsync(_target));
        Rows.ShouldBeSame(before, after);
        before.Values.ShouldAllBe(rows => rows.Count == 450);
        told.Keys.Order(StringComparer.Ordinal).ShouldBe(before.Keys.Order(StringComparer.Ordinal));
        told.Values.ShouldAllBe(rows => rows == 450);
    }

    [Fact]
    public async Task The_product_goes_on_in_the_copy_with_new_ids()
    {
        await using (var connection = await _source.OpenAsync(InTime))
        {
            await connection.ExecuteAsync("INSERT INTO engine_events (id, engine_id, at, state, reason_code) VALUES (41, 'e', 1, 'Ready', 'ready')");
            await connection.ExecuteAsync("DELETE FROM sessions");
        }

        await new DatabaseCopy(_source, _target).RunAsync((_, _) => { }, InTime);
        var engine = StoreContract.Some(new("e"), "h");
        (await new EngineStore(_target, TimeProvider.System).CreateAsync(engine, StoreContract.ByAlice, InTime)).ShouldBeTrue();
        (await new EventLog(_target).ReadAsync(engine.Id, 0, 9, InTime)).Select(e => e.Id).ShouldBe([41L, 42L]);
    }

    [Fact]
    public async Task A_database_that_somebody_uses_is_not_touched()
    {
        await Rows.FillAsync(_source, 2);
        await _target.MigrateAsync(InTime);
        await using (var connection = await _target.OpenAsync(InTime))
            await connection.ExecuteAsync("INSERT INTO tokens (id, key, user_id, name, created_at) VALUES ('theirs', 'k', 'bob', 'night job', 1)");
        var before = await Rows.ReadAsync(_target);
        var error = await Should.ThrowAsync<MovingException>(() => new DatabaseCopy(_source, _target).RunAsync((_, _) => { }, InTime));
        error.Message.ShouldContain("in use: tokens (1)");
        Rows.ShouldBeSame(before, await Rows.ReadAsync(_target));
    }

    [Fact]
    public async Task An_interrupted_copy_leaves_the_target_empty_so_that_it_can_be_tried_again()
    {
        await Rows.FillAsync(_source, 2);
        using var interrupted = new CancellationTokenSource();
        await Should.ThrowAsync<OperationCanceledException>(() => new DatabaseCopy(_source, _target).RunAsync((_, _) => interrupted.Cancel(), interrupted.Token));
        (await Rows.ReadAsync(_target)).Values.ShouldAllBe(rows => rows.Count == 0);
        await new DatabaseCopy(_source, _target).RunAsync((_, _) => { }, InTime);
        Rows.ShouldBeSame(await Rows.ReadAsync(_source), await Rows.ReadAsync(_target));
    }

    [Fact]
    public async Task A_source_of_the_first_release_is_upgraded_on_the_way()
    {
        await using var old = Database.FromConnectionString(await from.NewAsync(), TimeProvider.System);
        await from.MakeFirstSchemaAsync(old);
        await using (var connection = await old.OpenAsync(InTime))
            await connection.ExecuteAsync("INSERT INTO groups (id, created_at) VALUES ('art', 1)");
        await new DatabaseCopy(old, _target).RunAsync((_, _) => { }, InTime);
        (await Rows.ReadAsync(_target))["groups"].ShouldBe(["created_at=1|id=art"]);
    }
}
