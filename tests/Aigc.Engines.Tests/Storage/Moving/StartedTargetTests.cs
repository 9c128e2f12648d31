using System.Data.Common;
using Aigc.Engines.Leading;
using Aigc.Engines.Storage;
using Aigc.Engines.Storage.Moving;
using Dapper;

namespace Aigc.Engines.Tests.Storage.Moving;

public sealed class StartedPostgresTests() : StartedTargetContract(new SqliteMaker(), new PostgresMaker());

public sealed class StartedSqliteTests() : StartedTargetContract(new PostgresMaker(), new SqliteMaker());

/// <summary>A server may only run while the product does, and the product writes into an empty database at once.</summary>
public abstract class StartedTargetContract(DatabaseMaker from, DatabaseMaker to) : IAsyncLifetime
{
    private Database _source = null!;
    private Database _target = null!;

    private static CancellationToken InTime => new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token;

    public async Task InitializeAsync()
    {
        _source = Database.FromConnectionString(await from.NewAsync(), TimeProvider.System);
        _target = Database.FromConnectionString(await to.NewAsync(), TimeProvider.System);
        await _source.MigrateAsync(InTime);
        await _target.MigrateAsync(InTime);
        // What a product offers by itself, and who only looked.
        foreach (var (database, key) in new[] { (_source, "old"), (_target, "new") })
        {
            await WriteAsync(database, "INSERT INTO templates (name, version, source, updated_at) VALUES ('demo', '1', 'name: demo', 1)");
            await WriteAsync(database, $"INSERT INTO template_versions (name, version, spec, created_at) VALUES ('demo', '1', '{key}', 1)");
            await WriteAsync(database, $"INSERT INTO data_protection_keys (name, xml, created_at) VALUES ('{key}', '<key/>', 1)");
            await WriteAsync(database, $"INSERT INTO audit (at, action, outcome, actor_name) VALUES (1, 'sign-in', 'Done', '{key}')");
            await WriteAsync(database, $"INSERT INTO groups (id, created_at) VALUES ('{key}', 1)");
            await WriteAsync(database, $"INSERT INTO sign_ins (key, user_id, body, expires_at) VALUES ('{key}', 'alice', '', 1)");
        }

        await WriteAsync(_source, "INSERT INTO tokens (id, key, user_id, name, created_at) VALUES ('t', 'k', 'alice', 'night job', 1)");
    }

    public async Task DisposeAsync()
    {
        await _source.DisposeAsync();
        await _target.DisposeAsync();
        from.Dispose();
        to.Dispose();
    }

    [Fact]
    public async Task What_a_product_wrote_by_itself_is_replaced_and_told()
    {
        var replaced = await CopyAsync();
        replaced.ShouldBe(["audit", "data_protection_keys", "groups", "sign_ins", "template_versions", "templates"]);
        Rows.ShouldBeSame(await Rows.ReadAsync(_source), await Rows.ReadAsync(_target));
        (await Should.ThrowAsync<MovingException>(CopyAsync)).Message.ShouldContain("The target is in use: tokens (1)");
        await Should.ThrowAsync<DbException>(() => WriteAsync(_target, "DELETE FROM audit"));
    }

    [Theory]
    [InlineData(1, 3)]
    [InlineData(3, 1)]
    [InlineData(0, 2)]
    public async Task A_worker_that_led_there_does_not_any_more_and_takes_a_term_that_nobody_has_seen(int termsOfSource, int termsOfTarget)
    {
        Term? led = null;
        var lease = new LeaderLease(_target, "worker-here");
        for (var term = 0; term < termsOfSource; term++)
            await new LeaderLease(_source, "worker-there").TakeAsync(await new LeaderLease(_source, "").ReadAsync(InTime), InTime);
        for (var term = 0; term < termsOfTarget; term++)
            led = await lease.TakeAsync(await lease.ReadAsync(InTime), InTime);

        await CopyAsync();
        (await lease.BeatAsync(led!.Value, InTime)).ShouldBeFalse();
        await using (var connection = await _target.OpenAsync(InTime))
        await using (var transaction = await connection.BeginTransactionAsync(InTime))
            await Should.ThrowAsync<NotLeadingException>(() => Fence.RequireAsync(_target, connection, transaction, led.Value));
        (await lease.ReadAsync(InTime)).ShouldBeNull("the lease is free, nobody has to wait for a silence");
        (await lease.TakeAsync(null, InTime))!.Value.Number.ShouldBeGreaterThan(Math.Max(termsOfSource, termsOfTarget));
    }

    [Theory]
    [InlineData("INSERT INTO templates (name, version, source, updated_at) VALUES ('ours', '1', 'name: ours', 1)", "ours")]
    [InlineData("UPDATE templates SET source = 'name: demo # of the night shift'", "demo")]
    public async Task A_template_that_somebody_wrote_there_is_not_lost(string write, string name)
    {
        await WriteAsync(_target, write);
        var before = await Rows.ReadAsync(_target);
        (await Should.ThrowAsync<MovingException>(CopyAsync)).Message.ShouldContain($"with this text: {name}. Nothing was copied");
        Rows.ShouldBeSame(before, await Rows.ReadAsync(_target));
    }

    private Task<IReadOnlyList<string>> CopyAsync() => new DatabaseCopy(_source, _target).RunAsync((_, _) => { }, InTime);

    private static async Task WriteAsync(Database database, string statement)
    {
        await using var connection = await database.OpenAsync(InTime);
        await connection.ExecuteAsync(statement);
    }
}
