using Dapper;
using Npgsql;

namespace Aigc.Engines.Storage;

/// <summary>Brings a Postgres database's schema up to date. <c>schema_version</c> holds one row: how many migrations it has.</summary>
internal static class PostgresMigrations
{
    // "aigc" in ASCII: the lock of all programs that migrate this database.
    private const long LockKey = 0x61696763;

    public static async Task ApplyAsync(NpgsqlConnection connection, IReadOnlyList<Migration> migrations, CancellationToken cancellationToken)
    {
        var database = $"{connection.Database} at {connection.Host}:{connection.Port}";
        // Nearly always there is nothing to do; then nothing is locked, and a standby will do.
        if (await VersionAsync(connection, database, migrations.Count) == migrations.Count)
            return;

        // Of several services starting at once, one migrates and the others wait here; the lock ends with the connection.
        // It comes before the transaction: one that began earlier may not see the tables that were made meanwhile.
        await connection.ExecuteAsync(new CommandDefinition(
            $"SET statement_timeout = 0; SET lock_timeout = '10min'; SELECT pg_advisory_lock({LockKey})",
            commandTimeout: 0, cancellationToken: cancellationToken));
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var version = await VersionAsync(connection, database, migrations.Count);
        foreach (var migration in migrations.Skip(version))
            await connection.ExecuteAsync(migration.Sql, transaction: transaction, commandTimeout: 0);
        await connection.ExecuteAsync(
            """
            CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL);
            DELETE FROM schema_version;
            """,
            transaction: transaction);
        await connection.ExecuteAsync("INSERT INTO schema_version (version) VALUES (@Count)", new { migrations.Count }, transaction);
        await transaction.CommitAsync(cancellationToken);
    }

    private static async Task<int> VersionAsync(NpgsqlConnection connection, string database, int known)
    {
        if (await connection.ExecuteScalarAsync<string?>("SELECT to_regclass('schema_version')::text") is null)
            return 0;
        var version = await connection.ExecuteScalarAsync<int?>("SELECT MAX(version) FROM schema_version") ?? 0;
        return version <= known ? version : throw SchemaTooNew.Exception(database, version, known);
    }
}
