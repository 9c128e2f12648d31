using System.Data.Common;
using Dapper;

namespace Aigc.Engines.Storage.Moving;

/// <summary>What a database holds, by its own word: a table that somebody adds is moved with the others.</summary>
internal static class DatabaseTables
{
    // The feed of changes and the count of migrations are each database's own.
    private static readonly HashSet<string> Own = ["changes", "schema_version", "sqlite_sequence"];

    public static async Task<IReadOnlyList<string>> ListAsync(DbConnection connection, DbTransaction transaction, bool postgres)
    {
        var names = await connection.QueryAsync<string>(
            postgres
                ? "SELECT table_name::text FROM information_schema.tables WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'"
                : "SELECT name FROM sqlite_master WHERE type = 'table'",
            transaction: transaction);
        return [.. names.Where(name => !Own.Contains(name)).Order(StringComparer.Ordinal)];
    }

    public static async Task<IReadOnlyList<string>> ColumnsAsync(DbConnection connection, DbTransaction transaction, string table)
    {
        await using var reader = await connection.ExecuteReaderAsync($"SELECT * FROM {table} WHERE 1 = 0", transaction: transaction);
        return [.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetName)];
    }

    public static Task<long> CountAsync(DbConnection connection, DbTransaction transaction, string table) =>
        connection.ExecuteScalarAsync<long>($"SELECT COUNT(*) FROM {table}", transaction: transaction, commandTimeout: 0);
}
