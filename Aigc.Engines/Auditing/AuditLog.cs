using System.Data.Common;
using Aigc.Engines.Storage;
using Dapper;

namespace Aigc.Engines.Auditing;

/// <summary>Who did what to what, from where, with what outcome; append-only.</summary>
public sealed class AuditLog(Database database, TimeProvider time)
{
    private static readonly TimeSpan Daily = TimeSpan.FromDays(1);

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    public Task AppendAsync(AuditEntry entry, CancellationToken cancellationToken) => AppendAllAsync([entry], cancellationToken);

    /// <summary>All of them or none.</summary>
    public async Task AppendAllAsync(IReadOnlyList<AuditEntry> entries, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        foreach (var entry in entries)
            await AppendAsync(connection, transaction, Now, entry);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>The newest entries that fit, newest first.</summary>
    public async Task<IReadOnlyList<AuditRecord>> ReadAsync(AuditQuery query, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var actors = await IdsAsync(connection, "SELECT id FROM users WHERE user_name = @name", query.Actor);
        var targets = await IdsAsync(connection, "SELECT id FROM engines WHERE host = @name", query.Target);
        var (sql, parameters) = AuditSelect.Of(query, actors, targets);
        return [.. (await connection.QueryAsync<AuditRow>(sql, parameters)).Select(row => row.ToRecord())];
    }

    /// <summary>Takes the day's turn to remove what is too old. One of all replicas gets it.</summary>
    /// <param name="before">What is older may be removed from now on; everything else is kept by triggers.</param>
    public async Task<bool> BeginPruningAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.ExecuteAsync(
            """
            INSERT INTO audit_horizon (log, before_at, looked_at) VALUES ('audit', @before, @Now)
            ON CONFLICT (log) DO UPDATE SET before_at = excluded.before_at, looked_at = excluded.looked_at
                WHERE audit_horizon.looked_at <= @yesterday
            """,
            new { before = before.ToUnixTimeMilliseconds(), Now, yesterday = Now - (long)Daily.TotalMilliseconds }) > 0;
    }

    /// <summary>Removes a batch of what is older than the horizon.</summary>
    /// <returns>How many there were; 0: it is done.</returns>
    public async Task<int> PruneAsync(int batch, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.ExecuteAsync(
            "DELETE FROM audit WHERE id IN (SELECT id FROM audit WHERE at < (SELECT MAX(before_at) FROM audit_horizon) ORDER BY at, id LIMIT @batch)",
            new { batch });
    }

    private static async Task<IReadOnlyList<string>?> IdsAsync(DbConnection connection, string sql, string? idOrName) =>
        idOrName.Storable() is { } name ? [.. (await connection.QueryAsync<string>(sql, new { name })).Append(name).Distinct()] : null;

    /// <summary>Within the transaction of what is done: neither is there without the other.</summary>
    internal static Task AppendAsync(DbConnection connection, DbTransaction transaction, long now, AuditEntry entry) =>
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

    /// <summary>Empties the log of a database that another one is about to be copied into.</summary>
    internal static Task ClearAsync(DbConnection connection, DbTransaction transaction) =>
        connection.ExecuteAsync(
            """
            DELETE FROM audit_horizon;
            INSERT INTO audit_horizon (log, before_at, looked_at) VALUES ('audit', @all, 0);
            DELETE FROM audit;
            DELETE FROM audit_horizon;
            """,
            new { all = long.MaxValue }, transaction, commandTimeout: 0);

    private sealed class AuditRow
    {
        public long Id { get; set; }
        public long At { get; set; }
        public string Action { get; set; } = "";
        public string Outcome { get; set; } = "";
        public string? Actor_Id { get; set; }
        public string Actor_Name { get; set; } = "";
        public string? Address { get; set; }
        public string? Target_Kind { get; set; }
        public string? Target_Id { get; set; }
        public string? Target_Name { get; set; }
        public string? Owner_Id { get; set; }
        public string? Group_Id { get; set; }
        public string? Detail { get; set; }

        public AuditRecord ToRecord() => new(
            Id, At.ToTime(), Action, Enum.Parse<AuditOutcome>(Outcome), new(Actor_Id is null ? null : new(Actor_Id), Actor_Name, Address),
            Target_Kind is null ? null : new(
                Target_Kind, Target_Id!, Target_Name, Owner_Id is null ? null : new(Owner_Id), Group_Id is null ? null : new(Group_Id)),
            Detail);
    }
}
