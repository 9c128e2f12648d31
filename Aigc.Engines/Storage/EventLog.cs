using System.Data.Common;
using Aigc.Engines.Auditing;
using Aigc.Engines.Lifecycle;
using Dapper;

namespace Aigc.Engines.Storage;

/// <summary>The history of engines, append-only.</summary>
public sealed class EventLog(Database database)
{
    /// <summary>The newest <paramref name="limit"/> events after <paramref name="after"/>, oldest first.</summary>
    public async Task<IReadOnlyList<EngineEvent>> ReadAsync(EngineId engine, long after, int limit, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var rows = await connection.QueryAsync<EventRow>(
            """
            SELECT * FROM (
                SELECT id, engine_id, at, state, reason_code, reason_detail, actor FROM engine_events
                WHERE engine_id = @engine AND id > @after ORDER BY id DESC LIMIT @limit) AS newest
            ORDER BY id
            """,
            new { engine = engine.Value, after, limit });
        return [.. rows.Select(row => new EngineEvent(
            row.Id, new(row.Engine_Id), row.At.ToTime(), Enum.Parse<EngineState>(row.State), new(row.Reason_Code, row.Reason_Detail), row.Actor))];
    }

    internal static Task AppendAsync(
        DbConnection connection, DbTransaction transaction, EngineId engine, long now, EngineState state, Reason reason, Actor actor) =>
        connection.ExecuteAsync(
            """
            INSERT INTO engine_events (engine_id, at, state, reason_code, reason_detail, actor)
            VALUES (@engine, @now, @state, @code, @detail, @actor)
            """,
            new { engine = engine.Value, now, state = state.ToString(), code = reason.Code, detail = reason.Detail.Storable(), actor = actor.Id is null ? null : actor.Name.Storable() },
            transaction);

    private sealed class EventRow
    {
        public long Id { get; set; }
        public string Engine_Id { get; set; } = "";
        public long At { get; set; }
        public string State { get; set; } = "";
        public string Reason_Code { get; set; } = "";
        public string? Reason_Detail { get; set; }
        public string? Actor { get; set; }
    }
}
