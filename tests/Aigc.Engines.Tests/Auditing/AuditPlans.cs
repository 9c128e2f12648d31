using Aigc.Engines.Auditing;
using Aigc.Engines.Storage;
using Dapper;

namespace Aigc.Engines.Tests.Auditing;

/// <summary>How a database goes about a query of the audit log.</summary>
internal static class AuditPlans
{
    public static async Task<IReadOnlyList<string>> OfAsync(Database database, AuditQuery query, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var (sql, parameters) = AuditSelect.Of(query, Ids(query.Actor), Ids(query.Target));
        if (database is SqliteDatabase)
            return [.. (await connection.QueryAsync<SqliteStep>($"EXPLAIN QUERY PLAN {sql}", parameters)).Select(step => step.Detail)];
        // An empty table is read in whatever way; what matters is whether an index could be used.
        await connection.ExecuteAsync("SET enable_seqscan = off");
        return [.. await connection.QueryAsync<string>($"EXPLAIN {sql}", parameters)];
    }

    private static IReadOnlyList<string>? Ids(string? id) => id is null ? null : [id];

    public static bool ReadsAll(string step) =>
        step.Contains("Seq Scan on audit", StringComparison.Ordinal) || step is "SCAN audit" or "SCAN TABLE audit";

    private sealed class SqliteStep
    {
        public string Detail { get; set; } = "";
    }
}
