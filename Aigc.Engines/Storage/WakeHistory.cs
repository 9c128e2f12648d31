using Dapper;

namespace Aigc.Engines.Storage;

/// <summary>A session that began: somebody's engine woke.</summary>
/// <param name="Number">Counts upwards.</param>
public sealed record PastWake(long Number, string Template, DateTimeOffset At);

/// <summary>When people woke their engines, by themselves.</summary>
public sealed class WakeHistory(Database database)
{
    /// <param name="after">The last that is known; 0: none is.</param>
    public async Task<IReadOnlyList<PastWake>> ListAsync(long after, DateTimeOffset since, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var rows = await connection.QueryAsync<(long Number, string Template, long At)>(
            """
            SELECT s.id, e.template, s.started_at FROM sessions s JOIN engines e ON e.id = s.engine_id
            WHERE s.id > @after AND s.started_at >= @since AND s.owner_id <> '' AND s.early = 0 ORDER BY s.id
            """,
            new { after, since = since.ToUnixTimeMilliseconds() });
        return [.. rows.Select(row => new PastWake(row.Number, row.Template, row.At.ToTime()))];
    }
}
