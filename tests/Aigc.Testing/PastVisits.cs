using Aigc.Engines.Lifecycle;
using Aigc.Engines.Storage;
using Dapper;

namespace Aigc.Testing;

/// <summary>A history that an engine has not had: what somebody did in other weeks.</summary>
public static class PastVisits
{
    /// <summary>Somebody came at each of these moments, and worked for an hour; after the last it slept.</summary>
    public static async Task AddAsync(string database, EngineId engine, IReadOnlyCollection<DateTimeOffset> came)
    {
        await using var store = Database.FromConnectionString(database, TimeProvider.System);
        await using var connection = await store.OpenAsync(CancellationToken.None);
        await connection.ExecuteAsync(
            """
            INSERT INTO sessions (engine_id, owner_id, group_id, started_at, ended_at, end_code)
            SELECT id, owner_id, group_id, @from, @until, 'idle' FROM engines WHERE id = @engine
            """,
            came.Select(at => new { engine = engine.Value, from = at.ToUnixTimeMilliseconds(), until = at.AddHours(1).ToUnixTimeMilliseconds() }));
        await connection.ExecuteAsync(
            "UPDATE engines SET state_since = @since WHERE id = @engine", new { engine = engine.Value, since = came.Max().AddHours(1).ToUnixTimeMilliseconds() });
    }

    /// <summary>The same moment in each of the four weeks before.</summary>
    public static IReadOnlyCollection<DateTimeOffset> Weekly(DateTimeOffset next) => [.. Enumerable.Range(1, 4).Select(week => next.AddDays(-7 * week))];
}
