using Aigc.Engines.Auditing;
using Aigc.Engines.Leading;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.Pools;
using Aigc.Engines.Quotas;
using Dapper;

namespace Aigc.Engines.Storage;

/// <summary>What the reconciler has seen and decided of one engine.</summary>
/// <param name="Place">What compute it was given; null: none.</param>
public sealed record ObservedState(
    EngineState State, Reason Reason, long Generation, string? RuntimeUid = null, Uri? Address = null, DateTimeOffset? ReadyAt = null, Placement? Place = null);

/// <summary>Writes what is <em>observed</em> of engines; for the leading worker's reconciler alone.</summary>
public sealed class ObservedStore(Database database, TimeProvider time)
{
    /// <summary>Notes the state; history and sessions go with it in the same transaction. Null when the engine is gone.</summary>
    /// <exception cref="NotLeadingException">A newer term has begun.</exception>
    /// <exception cref="QuotaUsedException">It can't be given what it was given in <see cref="ObservedState.Place"/>; nothing was noted.</exception>
    public async Task<Engine?> WriteAsync(EngineId id, ObservedState observed, Term term, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await Fence.RequireAsync(database, connection, transaction, term);
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var before = (await connection.QuerySingleOrDefaultAsync<EngineRow>(
            $"SELECT * FROM engines WHERE id = @id {database.ForUpdate}", new { id = id.Value }, transaction))?.ToEngine();
        if (before is null)
            return null;

        if (before.PoolUnits == 0 && observed.Place is { Pool.Length: > 0, Units: > 0 } given)
            await QuotaGuard.RequireForPlacementAsync(database, connection, transaction, before, given);
        var engine = (await connection.QuerySingleAsync<EngineRow>(
            """
            UPDATE engines SET state = @state, reason_code = @code, reason_detail = @detail, observed_generation = @Generation,
                state_since = CASE WHEN state = @state THEN state_since ELSE @now END,
                runtime_uid = @RuntimeUid, address = @address, ready_at = @ready,
                outlook = CASE WHEN @state = 'Ready' AND state = 'Ready' THEN outlook ELSE NULL END,
                pool = COALESCE(@pool, pool), pool_why = CASE WHEN @pool IS NULL THEN pool_why ELSE @why END, pool_units = @units, milli_gpus = @milliGpus,
                row_version = row_version + 1
            WHERE id = @id
            RETURNING *
            """,
            new
            {
                id = id.Value,
                state = observed.State.ToString(),
                code = observed.Reason.Code,
                detail = observed.Reason.Detail.Storable(),
                now,
                observed.Generation,
                observed.RuntimeUid,
                address = observed.Address?.ToString(),
                ready = observed.ReadyAt.ToMilliseconds(),
                pool = observed.Place?.Pool,
                why = observed.Place?.Why,
                units = observed.Place?.Units ?? 0,
                milliGpus = observed.Place?.MilliGpus ?? 0,
            },
            transaction)).ToEngine();
        if (before.PoolUnits == 0 && observed.Place is { Pool.Length: > 0, Units: > 0 } place)
            await EventLog.AppendAsync(connection, transaction, id, now, observed.State, new(Reasons.Placed, $"{place.Pool} {place.Why}".TrimEnd()), Actor.Gateway);
        if (before.State != observed.State || before.Reason.Code != observed.Reason.Code)
            await EventLog.AppendAsync(connection, transaction, id, now, observed.State, observed.Reason, Actor.Gateway);
        await SessionLog.FollowAsync(connection, transaction, before, engine, now);
        await transaction.CommitAsync(cancellationToken);
        return engine;
    }

    /// <summary>Notes in the engine's history what does not change its state.</summary>
    /// <exception cref="NotLeadingException">A newer term has begun.</exception>
    public async Task RemarkAsync(EngineId id, Reason remark, Term term, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await Fence.RequireAsync(database, connection, transaction, term);
        var engine = (await connection.QuerySingleOrDefaultAsync<EngineRow>("SELECT * FROM engines WHERE id = @id", new { id = id.Value }, transaction))?.ToEngine();
        if (engine is null)
            return;
        await EventLog.AppendAsync(connection, transaction, id, time.GetUtcNow().ToUnixTimeMilliseconds(), engine.State, remark, Actor.Gateway);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Takes the engine out, when it is still desired deleted. Its usage and sessions stay; a kept disk is noted for its owner.</summary>
    public async Task<bool> RemoveAsync(Engine engine, Term term, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await Fence.RequireAsync(database, connection, transaction, term);
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var parameters = new { id = engine.Id.Value, now };
        var row = await connection.QuerySingleOrDefaultAsync<RemovedRow>(
            "DELETE FROM engines WHERE id = @id AND desired = 'Deleted' RETURNING owner_id, template, host, disk_until", parameters, transaction);
        if (row is null)
            return false;
        if (engine.KeepDisk)
        {
            await connection.ExecuteAsync(
                """
                INSERT INTO kept_disks (engine_id, owner_id, template, host, deleted_at, remove_at)
                VALUES (@id, @Owner_Id, @Template, @Host, @now, @Disk_Until)
                """,
                new { parameters.id, row.Owner_Id, row.Template, row.Host, parameters.now, row.Disk_Until }, transaction);
        }

        // Its disk may become an engine again: whom it was shared with is not whom that one is shared with.
        await connection.ExecuteAsync("DELETE FROM engine_access WHERE engine_id = @id", parameters, transaction);
        await SessionLog.EndAsync(connection, transaction, engine.Id, Reasons.DeleteAsked, now);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    private sealed class RemovedRow
    {
        public string Owner_Id { get; set; } = "";
        public string Template { get; set; } = "";
        public string Host { get; set; } = "";
        public long? Disk_Until { get; set; }
    }
}
