using System.Data.Common;
using Aigc.Engines.Lifecycle;
using Dapper;

namespace Aigc.Engines.Storage;

/// <summary>Sessions: the stretches from wake to sleep, written together with the states that begin and end them.</summary>
internal static class SessionLog
{
    public static async Task FollowAsync(DbConnection connection, DbTransaction transaction, Engine before, Engine after, long now)
    {
        if (Resting(before.State) && !Resting(after.State) && after.State != EngineState.Deleting)
        {
            await connection.ExecuteAsync(
                "INSERT INTO sessions (engine_id, owner_id, group_id, started_at, early) VALUES (@id, @owner, @group, @now, @early)",
                new { id = after.Id.Value, owner = after.Owner.Value, group = after.Group.Value, now, early = after is { IsAhead: true, IsSpare: false } ? 1 : 0 },
                transaction);
        }
        else if (!Resting(before.State) && Resting(after.State))
        {
            await EndAsync(connection, transaction, after.Id, after.State == EngineState.Failed ? after.Reason.Code : after.DesiredReason.Code, now);
        }
    }

    public static Task EndAsync(DbConnection connection, DbTransaction transaction, EngineId engine, string code, long now) =>
        connection.ExecuteAsync(
            "UPDATE sessions SET ended_at = @now, end_code = @code WHERE engine_id = @id AND ended_at IS NULL",
            new { id = engine.Value, code, now }, transaction);

    /// <summary>Somebody came to an engine that had been woken for them; the first time counts.</summary>
    public static Task CameAsync(DbConnection connection, DbTransaction transaction, EngineId engine, long at) =>
        connection.ExecuteAsync(
            "UPDATE sessions SET came_at = @at WHERE engine_id = @id AND ended_at IS NULL AND early = 1 AND came_at IS NULL",
            new { id = engine.Value, at }, transaction);

    private static bool Resting(EngineState state) => state is EngineState.Asleep or EngineState.Failed;
}
