using System.Data.Common;
using System.Runtime.CompilerServices;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Aigc.Engines.Storage;

/// <summary>The embedded database: one file, for one machine.</summary>
public sealed class SqliteDatabase(string connectionString, TimeProvider time) : Database
{
    private readonly SqliteFile _file = new(connectionString);

    // A transaction here begins with the file's only write lock: it keeps everybody off anyway.
    internal override string KeepTerm => "SELECT 1";

    internal override string BeginTerm => "SELECT 1";

    internal override string ForUpdate => "";

    internal override string LockOwner => "SELECT 1";

    internal override string LockGroup => "SELECT 1";

    internal override string Lock(string tables) => "SELECT 1";

    protected override async Task<DbConnection> ConnectAsync(CancellationToken cancellationToken) =>
        await _file.OpenAsync(cancellationToken);

    public override async Task MigrateAsync(CancellationToken cancellationToken)
    {
        await using var connection = await _file.OpenAsync(cancellationToken);
        // Immediate: of several services starting at once, one migrates and the others wait here.
        await using var transaction = connection.BeginTransaction(deferred: false);
        var version = await connection.ExecuteScalarAsync<long>("PRAGMA user_version", transaction: transaction);
        var migrations = Migration.All("sqlite");
        if (version > migrations.Count)
            throw SchemaTooNew.Exception(_file.Path, version, migrations.Count);

        foreach (var migration in migrations.Skip((int)version))
            await connection.ExecuteAsync(migration.Sql, transaction: transaction);
        await connection.ExecuteAsync($"PRAGMA user_version = {migrations.Count}", transaction: transaction);
        // Watchers begin at the newest change; what is far behind it nobody will ask for.
        await connection.ExecuteAsync("DELETE FROM changes WHERE seq < (SELECT MAX(seq) - 10000 FROM changes)", transaction: transaction);
        await transaction.CommitAsync(cancellationToken);
    }

    public override async IAsyncEnumerable<DatabaseChange> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var connection = await _file.OpenAsync(cancellationToken);
        var last = await connection.ExecuteScalarAsync<long>("SELECT COALESCE(MAX(seq), 0) FROM changes");
        yield return new DatabaseChange.Resync();

        long version = -1;
        while (!cancellationToken.IsCancellationRequested)
        {
            version = await SqliteFile.WaitForCommitAsync(connection, version, time, cancellationToken);
            var rows = await connection.QueryAsync<ChangeRow>("SELECT seq, kind, id FROM changes WHERE seq > @last ORDER BY seq", new { last });
            foreach (var row in rows)
            {
                last = row.Seq;
                yield return DatabaseChange.Of(row.Kind, row.Id);
            }
        }
    }

    private sealed record ChangeRow(long Seq, string Kind, string Id);
}
