using System.Data.Common;
using System.Text.Json;
using Aigc.Engines.Access;
using Dapper;

namespace Aigc.Engines.Storage;

/// <summary>An engine's grants in its own row, <c>engines.access</c>.</summary>
internal static class GrantColumn
{
    public static IReadOnlyList<Grant>? Read(string? json) =>
        json is null ? null : JsonSerializer.Deserialize<List<Grant>>(json);

    /// <summary>Writes them anew after a change of <c>engine_access</c>, in its transaction. Whoever watches the engine is told.</summary>
    public static async Task WriteAsync(DbConnection connection, DbTransaction transaction, string engine, long now)
    {
        var rows = await connection.QueryAsync<GrantRow>(
            """
            SELECT subject_kind, subject_id, level, expires_at FROM engine_access
            WHERE engine_id = @engine AND (expires_at IS NULL OR expires_at > @now) ORDER BY id
            """,
            new { engine, now }, transaction);
        var grants = rows.Select(row => row.ToGrant()).ToList();
        await connection.ExecuteAsync(
            "UPDATE engines SET access = @access, row_version = row_version + 1 WHERE id = @engine",
            new { engine, access = grants.Count == 0 ? null : JsonSerializer.Serialize(grants) }, transaction);
    }
}
