using System.Data;
using System.Data.Common;
using Dapper;

namespace Aigc.Engines.Storage.Moving;

/// <summary>Why a copy or a backup was not made, and what to do.</summary>
public sealed class MovingException(string message) : Exception(message);

/// <summary>
/// Copies everything from one database into another that nobody has used yet, of whichever kinds they are; all or nothing.
/// The source is read as it is at one moment; what is written there later is not in the copy, so its product should be stopped.
/// </summary>
public sealed class DatabaseCopy(Database source, Database target)
{
    // Rows in one INSERT: 24 columns of an engine stay far below the 32766 parameters SQLite allows, 65535 Postgres.
    private const int Batch = 200;

    /// <param name="progress">Told each table and its number of rows, once they are copied and counted.</param>
    /// <returns>The tables in which the target had something that a product writes by itself, now replaced.</returns>
    /// <exception cref="MovingException">The target is in use, or the two do not agree afterwards.</exception>
    public async Task<IReadOnlyList<string>> RunAsync(Action<string, long> progress, CancellationToken cancellationToken)
    {
        // Both have the same tables then; an older source is upgraded as the product would do it.
        await source.MigrateAsync(cancellationToken);
        await target.MigrateAsync(cancellationToken);
        await using var from = await OpenAsync(source, cancellationToken);
        await using var to = await OpenAsync(target, cancellationToken);
        // One moment of the source: its snapshot, or on SQLite its only write lock, so that nobody adds to it meanwhile.
        await using var reading = await from.BeginTransactionAsync(
            source is PostgresDatabase ? IsolationLevel.RepeatableRead : IsolationLevel.Serializable, cancellationToken);
        await using var writing = await to.BeginTransactionAsync(cancellationToken);

        var tables = await DatabaseTables.ListAsync(from, reading, source is PostgresDatabase);
        var place = new CopyTarget(target, to, writing);
        var replaced = await place.ClearAsync(from, reading, tables);
        foreach (var table in tables)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await CopyAsync(table, from, reading, to, writing, cancellationToken);
            var (read, written) = (await DatabaseTables.CountAsync(from, reading, table), await DatabaseTables.CountAsync(to, writing, table));
            if (read != written)
                throw new MovingException($"Of table {table} {written} of {read} rows arrived; nothing was kept. Try again, and tell us if it goes on.");
            progress(table, read);
        }

        await place.EndLeadsAsync();
        await writing.CommitAsync(cancellationToken);
        return replaced;
    }

    private static async Task<DbConnection> OpenAsync(Database database, CancellationToken cancellationToken)
    {
        if (database is not PostgresDatabase postgres)
            return await database.OpenAsync(cancellationToken);
        var connection = await postgres.OpenAloneAsync(cancellationToken);
        // One side waits while the other works, for as long as a large table takes.
        await connection.ExecuteAsync("SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0");
        return connection;
    }

    private async Task CopyAsync(
        string table, DbConnection from, DbTransaction reading, DbConnection to, DbTransaction writing, CancellationToken cancellationToken)
    {
        var columns = await DatabaseTables.ColumnsAsync(to, writing, table);
        var names = string.Join(", ", columns);
        await using (var reader = await from.ExecuteReaderAsync($"SELECT {names} FROM {table}", transaction: reading, commandTimeout: 0))
        {
            var rows = new List<object[]>(Batch);
            while (await reader.ReadAsync(cancellationToken))
            {
                var row = new object[columns.Count];
                reader.GetValues(row);
                rows.Add(row);
                if (rows.Count == Batch)
                    await FlushAsync(rows);
            }

            await FlushAsync(rows);
        }

        if (target is PostgresDatabase)
            await ContinueCountingAsync(table, to, writing);

        async Task FlushAsync(List<object[]> rows)
        {
            if (rows.Count == 0)
                return;
            await using var insert = to.CreateCommand();
            insert.Transaction = writing;
            insert.CommandTimeout = 0;
            var places = new List<string>(rows.Count);
            foreach (var row in rows)
            {
                places.Add($"({string.Join(", ", row.Select(value => Add(insert, value)))})");
            }

            insert.CommandText = $"INSERT INTO {table} ({names}) VALUES {string.Join(", ", places)}";
            await insert.ExecuteNonQueryAsync(cancellationToken);
            rows.Clear();
        }
    }

    private static string Add(DbCommand command, object value)
    {
        // SQLite kept what Postgres refuses: see StorableText.
        if (value is DBNull)
            return "NULL";
        var parameter = command.CreateParameter();
        parameter.ParameterName = $"@p{command.Parameters.Count}";
        parameter.Value = value is string text ? text.Storable() : value;
        command.Parameters.Add(parameter);
        return parameter.ParameterName;
    }

    // Rows brought their ids along; the next one of the product's own must be greater. SQLite sees to that itself.
    private static async Task ContinueCountingAsync(string table, DbConnection to, DbTransaction writing)
    {
        var counted = await to.QueryAsync<string>(
            "SELECT column_name::text FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = @table AND is_identity = 'YES'",
            new { table }, writing);
        foreach (var column in counted)
        {
            await to.ExecuteAsync(
                $"SELECT setval(pg_get_serial_sequence('{table}', '{column}'), GREATEST((SELECT COALESCE(MAX({column}), 0) FROM {table}), 1), (SELECT COUNT(*) > 0 FROM {table}))",
                transaction: writing);
        }
    }
}
