using System.Data.Common;
using Aigc.Engines.Storage;
using Dapper;

namespace Aigc.Engines.Auditing;

/// <summary>Who did what to what, from where, with what outcome; append-only.</summary>
public sealed class AuditLog(Database database, TimeProvider time)
{
    public async Task AppendAsync(AuditEntry entry, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await AppendAsync(connection, null, time.GetUtcNow().ToUnixTimeMilliseconds(), entry);
    }

    /// <summary>Within the transaction of what is done: neither is there without the other.</summary>
    internal static Task AppendAsync(DbConnection connection, DbTransaction? transaction, long now, AuditEntry entry) =>
        connection.ExecuteAsync(
            """
            INSERT INTO audit (at, action, outcome, actor_id, actor_name, address, target_kind, target_id, target_name, owner_id, group_id, detail)
            VALUES (@now, @Action, @outcome, @actor, @actorName, @address, @kind, @target, @targetName, @owner, @group, @detail)
            """,
            new
            {
                now,
                entry.Action,
                outcome = entry.Outcome.ToString(),
                actor = entry.Actor.Id?.Value,
                actorName = entry.Actor.Name.Storable(),
                address = entry.Actor.Address,
                kind = entry.Target?.Kind,
                target = entry.Target?.Id.Storable(),
                targetName = entry.Target?.Name.Storable(),
                owner = entry.Target?.Owner?.Value,
                group = entry.Target?.Group?.Value,
                detail = entry.Detail.Storable(),
            },
            transaction);
}
