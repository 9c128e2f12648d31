using System.Data.Common;
using System.Globalization;
using Aigc.Engines.Storage;
using Dapper;

namespace Aigc.Engines.Tests.Storage.Moving;

/// <summary>Fills and reads whole databases, by what their catalogues say they hold.</summary>
internal static class Rows
{
    // The feed of changes and the count of migrations are each database's own.
    private static readonly string[] NotMoved = ["changes", "schema_version", "sqlite_sequence"];

    public static async Task<IReadOnlyList<string>> TablesAsync(DbConnection connection) =>
        [.. (await connection.QueryAsync<string>(connection is Npgsql.NpgsqlConnection
                ? "SELECT relname::text FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
                : "SELECT name FROM sqlite_master WHERE type = 'table'"))
            .Except(NotMoved).Order(StringComparer.Ordinal)];

    /// <summary>Rows in every table, with something in every column: a table that somebody adds is filled too.</summary>
    public static async Task FillAsync(Database database, int rows)
    {
        await using var connection = await database.OpenAsync(CancellationToken.None);
        await using var transaction = await connection.BeginTransactionAsync();
        foreach (var table in await TablesAsync(connection))
        {
            var columns = new List<(string Name, bool Text)>();
            await using (var reader = await connection.ExecuteReaderAsync($"SELECT * FROM {table}", transaction: transaction))
            {
                for (var i = 0; i < reader.FieldCount; i++)
                {
                    var text = reader.GetDataTypeName(i).Equals("text", StringComparison.OrdinalIgnoreCase);
                    // Ids that count are left to the database.
                    if (text || reader.GetName(i) != "id")
                        columns.Add((reader.GetName(i), text));
                }
            }

            for (var row = 1; row <= rows; row++)
            {
                var values = columns.Select(column => column.Text ? $"'{table} {column.Name} 画 '' {row}'" : $"{row}");
                await connection.ExecuteAsync(
                    $"INSERT INTO {table} ({string.Join(", ", columns.Select(column => column.Name))}) VALUES ({string.Join(", ", values)})", transaction: transaction);
            }
        }

        await connection.ExecuteAsync("UPDATE engines SET address = NULL, ready_at = NULL WHERE generation = 1", transaction: transaction);
        await transaction.CommitAsync();
    }

    /// <summary>Every row of every table as text, in order.</summary>
    public static async Task<Dictionary<string, List<string>>> ReadAsync(Database database)
    {
        await using var connection = await database.OpenAsync(CancellationToken.None);
        var all = new Dictionary<string, List<string>>();
        foreach (var table in await TablesAsync(connection))
        {
            var lines = new List<string>();
            await using var reader = await connection.ExecuteReaderAsync($"SELECT * FROM {table}");
            while (await reader.ReadAsync())
            {
                var line = Enumerable.Range(0, reader.FieldCount).OrderBy(reader.GetName, StringComparer.Ordinal)
                    .Select(i => $"{reader.GetName(i)}={(reader.IsDBNull(i) ? "NULL" : Convert.ToString(reader.GetValue(i), CultureInfo.InvariantCulture))}");
                lines.Add(string.Join('|', line));
            }

            lines.Sort(StringComparer.Ordinal);
            all[table] = lines;
        }

        return all;
    }

    public static void ShouldBeSame(Dictionary<string, List<string>> one, Dictionary<string, List<string>> other)
    {
        one.Keys.Order(StringComparer.Ordinal).ShouldBe(other.Keys.Order(StringComparer.Ordinal));
        foreach (var (table, rows) in one)
            rows.ShouldBe(other[table], table);
    }
}
