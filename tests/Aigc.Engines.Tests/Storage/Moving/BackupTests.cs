using Aigc.Engines.Lifecycle;
using Aigc.Engines.Storage;
using Aigc.Engines.Storage.Moving;
using Aigc.Testing;
using Npgsql;

namespace Aigc.Engines.Tests.Storage.Moving;

/// <summary>What docs/operations.md says about backups, done: a backup that nobody restored is none.</summary>
public sealed class BackupTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken InTime => new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task SQLite_comes_back_from_its_backup_as_it_was_though_the_product_went_on()
    {
        await using var database = Database.FromConnectionString(_folder.ConnectionString("database"), TimeProvider.System);
        await database.MigrateAsync(InTime);
        await Rows.FillAsync(database, 30);
        var before = await Rows.ReadAsync(database);

        var backup = Path.Combine(_folder.Path, "backup.db");
        await using (var busy = await database.OpenAsync(InTime))
        {
            // Somebody is in the middle of a write: what is not committed is not in the backup, and the backup does not wait.
            await using var transaction = await busy.BeginTransactionAsync(InTime);
            await Dapper.SqlMapper.ExecuteAsync(busy, "DELETE FROM engines", transaction: transaction);
            await SqliteBackup.RunAsync(_folder.ConnectionString("database"), backup, InTime);
        }

        await using var restored = Database.FromConnectionString($"Data Source={backup}", TimeProvider.System);
        await restored.MigrateAsync(InTime);
        Rows.ShouldBeSame(before, await Rows.ReadAsync(restored));
        Directory.GetFiles(_folder.Path, "*.part*").ShouldBeEmpty();
        if (!OperatingSystem.IsWindows())
            File.GetUnixFileMode(backup).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite, "it holds sign-ins and keys");
    }

    [Fact]
    public async Task A_backup_replaces_nothing_and_makes_nothing_out_of_nothing()
    {
        var file = Path.Combine(_folder.Path, "backup.db");
        (await Should.ThrowAsync<MovingException>(() => SqliteBackup.RunAsync(_folder.ConnectionString("absent"), file, InTime))).Message.ShouldContain("no database");
        await using var database = Database.FromConnectionString(_folder.ConnectionString("database"), TimeProvider.System);
        await database.MigrateAsync(InTime);
        await File.WriteAllTextAsync(file, "an earlier backup");
        (await Should.ThrowAsync<MovingException>(() => SqliteBackup.RunAsync(_folder.ConnectionString("database"), file, InTime))).Message.ShouldContain("exists already");
        (await File.ReadAllTextAsync(file)).ShouldBe("an earlier backup");
        (await Should.ThrowAsync<MovingException>(() => SqliteBackup.RunAsync(_folder.ConnectionString("database"), "/no/such/folder/b.db", InTime))).Message.ShouldContain("no folder");
    }

    [Fact]
    public async Task Postgres_comes_back_from_pg_dump_as_it_was_and_goes_on()
    {
        var server = await PostgresServer.SharedAsync();
        var (from, to) = (await server.CreateDatabaseAsync(), await server.CreateDatabaseAsync());
        await using var database = Database.FromConnectionString(from, TimeProvider.System);
        await database.MigrateAsync(InTime);
        await Rows.FillAsync(database, 30);
        var before = await Rows.ReadAsync(database);

        var file = Path.Combine(_folder.Path, "backup.dump");
        await server.RunAsync("pg_dump", "--format=custom", $"--file={file}", Name(from));
        await using (var connection = await database.OpenAsync(InTime))
            await Dapper.SqlMapper.ExecuteAsync(connection, "DELETE FROM engines");
        await server.RunAsync("pg_restore", "--exit-on-error", "--single-transaction", "--no-owner", $"--dbname={Name(to)}", file);

        await using var restored = Database.FromConnectionString(to, TimeProvider.System);
        await restored.MigrateAsync(InTime);
        Rows.ShouldBeSame(before, await Rows.ReadAsync(restored));
        // Its triggers came along: workers hear of what people ask.
        await using var changes = restored.WatchAsync(InTime).GetAsyncEnumerator();
        await changes.MoveNextAsync();
        var engines = new EngineStore(restored, TimeProvider.System);
        (await engines.CreateAsync(StoreContract.Some(new("new"), "new"), StoreContract.ByAlice, InTime)).ShouldBeTrue();
        await changes.MoveNextAsync();
        changes.Current.ShouldBe(new DatabaseChange.Changed(ChangeKind.Engine, "new"));
    }

    private static string Name(string connectionString) => new NpgsqlConnectionStringBuilder(connectionString).Database!;
}
