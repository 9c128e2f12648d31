using System.Runtime.CompilerServices;
using Aigc.Engines.Ahead;
using Aigc.Engines.Leading;
using Aigc.Engines.Lifecycle;
using Dapper;

namespace Aigc.Engines.Storage;

/// <summary>A session that began before anybody came.</summary>
/// <param name="MilliGpus">What it held, in thousandths of cards.</param>
public sealed record EarlySession(EngineId Engine, DateTimeOffset StartedAt, DateTimeOffset? CameAt, DateTimeOffset? EndedAt, long MilliGpus);

/// <summary>When people came to their engines, and which of these were awake already.</summary>
public sealed class HabitStore(Database database)
{
    /// <summary>Of all engines that may be woken ahead, one engine after the other, each one's in the order of time.</summary>
    public async IAsyncEnumerable<(EngineId Engine, IReadOnlyList<PastSession> Sessions)> ListAsync(
        DateTimeOffset since, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (engine, sessions) = (default(EngineId), new List<PastSession>());
        await foreach (var (next, session) in ReadAsync("e.pre_wake = 1 AND e.owner_id <> ''", since, null, cancellationToken))
        {
            if (next != engine && sessions.Count > 0)
            {
                yield return (engine, sessions);
                sessions = [];
            }

            engine = next;
            sessions.Add(session);
        }

        if (sessions.Count > 0)
            yield return (engine, sessions);
    }

    public async Task<IReadOnlyList<PastSession>> ListAsync(EngineId engine, DateTimeOffset since, CancellationToken cancellationToken) =>
        await ReadAsync("e.id = @id", since, engine, cancellationToken).Select(row => row.Session).ToListAsync(cancellationToken);

    /// <summary>What each engine held at most in one of its runs since then, in thousandths of cards.</summary>
    public async Task<IReadOnlyDictionary<EngineId, long>> SizesAsync(DateTimeOffset since, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var rows = await connection.QueryAsync<(string Id, long MilliGpus)>(
            "SELECT engine_id, MAX(milli_gpus) FROM usage_intervals WHERE started_at >= @since GROUP BY engine_id",
            new { since = since.ToUnixTimeMilliseconds() });
        return rows.ToDictionary(row => new EngineId(row.Id), row => row.MilliGpus);
    }

    public async Task<IReadOnlyList<EarlySession>> ListEarlyAsync(DateTimeOffset since, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var rows = await connection.QueryAsync<(string Id, long StartedAt, long? CameAt, long? EndedAt, long MilliGpus)>(
            """
            SELECT s.engine_id, s.started_at, s.came_at, s.ended_at, COALESCE((
                SELECT MAX(u.milli_gpus) FROM usage_intervals u
                WHERE u.engine_id = s.engine_id AND u.started_at >= s.started_at AND u.started_at <= COALESCE(s.ended_at, u.started_at)), 0)
            FROM sessions s WHERE s.early = 1 AND s.started_at >= @since
            """,
            new { since = since.ToUnixTimeMilliseconds() });
        return [.. rows.Select(row => new EarlySession(new(row.Id), row.StartedAt.ToTime(), row.CameAt.ToTime(), row.EndedAt.ToTime(), row.MilliGpus))];
    }

    /// <summary>Somebody came to engines that had been woken for them.</summary>
    /// <exception cref="NotLeadingException">A newer term has begun.</exception>
    public async Task CameAsync(IReadOnlyCollection<(EngineId Engine, DateTimeOffset At)> arrivals, Term term, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await Fence.RequireAsync(database, connection, transaction, term);
        foreach (var (engine, at) in arrivals)
        {
            await SessionLog.CameAsync(connection, transaction, engine, at.ToUnixTimeMilliseconds());
            // It is theirs from now on, whatever happens to it.
            await connection.ExecuteAsync(
                "UPDATE engines SET last_visit = @at, row_version = row_version + 1 WHERE id = @id AND desired_code = @code AND last_visit = asked_at AND asked_at < @at",
                new { id = engine.Value, at = at.ToUnixTimeMilliseconds(), code = Reasons.Habit }, transaction);
        }

        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Row by row: of thousands of engines there are hundreds of thousands.</summary>
    private async IAsyncEnumerable<(EngineId Engine, PastSession Session)> ReadAsync(
        string which, DateTimeOffset since, EngineId? engine, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var reader = await connection.ExecuteReaderAsync(
            $"""
            SELECT s.engine_id, s.started_at, s.ended_at, s.early, s.came_at FROM sessions s JOIN engines e ON e.id = s.engine_id
            WHERE {which} AND s.started_at >= @since ORDER BY s.engine_id, s.started_at, s.id
            """,
            new { since = since.ToUnixTimeMilliseconds(), id = engine?.Value });
        while (await reader.ReadAsync(cancellationToken))
            yield return (new(reader.GetString(0)), new(reader.GetInt64(1).ToTime(), TimeAt(2), reader.GetInt64(3) != 0, TimeAt(4)));

        DateTimeOffset? TimeAt(int column) => reader.IsDBNull(column) ? null : reader.GetInt64(column).ToTime();
    }
}
