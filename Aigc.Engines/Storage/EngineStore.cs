using System.Data;
using System.Data.Common;
using System.Diagnostics;
using Aigc.Engines.Auditing;
using Aigc.Engines.Leading;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.People;
using Aigc.Engines.Policies;
using Aigc.Engines.Quotas;
using Dapper;

namespace Aigc.Engines.Storage;

/// <summary>Reads engines, and writes what is <em>desired</em> of them. Every write is one conditional statement; who changed what is in the audit log with it.</summary>
/// <param name="limit">Null: nobody is limited.</param>
public sealed class EngineStore(Database database, TimeProvider time, AwakeLimit? limit = null)
{
    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <returns>False when the host or the id is taken.</returns>
    public async Task<bool> CreateAsync(Engine engine, Actor actor, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var rows = await connection.ExecuteAsync(
            """
            INSERT INTO engines (id, owner_id, group_id, template, template_version, host, desired, desired_code, generation,
                                 created_at, state, reason_code, state_since)
            VALUES (@Id, @Owner, @Group, @Template, @TemplateVersion, @Host, 'Asleep', @Created, 1, @now, 'Asleep', @Created, @now)
            ON CONFLICT DO NOTHING
            """,
            new
            {
                Id = engine.Id.Value,
                Owner = engine.Owner.Value,
                Group = engine.Group.Value,
                engine.Template,
                engine.TemplateVersion,
                engine.Host,
                Reasons.Created,
                now = Now,
            },
            transaction);
        if (rows == 0)
            return false;
        await connection.ExecuteAsync("DELETE FROM kept_disks WHERE engine_id = @id", new { id = engine.Id.Value }, transaction);
        await EventLog.AppendAsync(connection, transaction, engine.Id, Now, EngineState.Asleep, new(Reasons.Created), actor);
        await AuditAsync(connection, transaction, AuditActions.EngineTake, engine, $"{engine.Template} {engine.TemplateVersion}", actor);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    public Task<Engine?> FindAsync(EngineId id, CancellationToken cancellationToken) =>
        FindWhereAsync("id = @value", id.Value, cancellationToken);

    public Task<Engine?> FindByHostAsync(string host, CancellationToken cancellationToken) =>
        FindWhereAsync("host = @value", host, cancellationToken);

    public Task<IReadOnlyList<Engine>> ListAsync(UserId owner, CancellationToken cancellationToken) =>
        ListAsync("WHERE owner_id = @value", owner.Value, cancellationToken);

    public Task<IReadOnlyList<Engine>> ListAllAsync(CancellationToken cancellationToken) =>
        ListAsync("", null, cancellationToken);

    public Task<IReadOnlyList<Engine>> ListGroupAsync(GroupId group, CancellationToken cancellationToken) =>
        ListAsync("WHERE group_id = @value", group.Value, cancellationToken);

    public async Task<IReadOnlyList<Engine>> ListByReasonAsync(EngineState state, string code, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var rows = await connection.QueryAsync<EngineRow>(
            "SELECT * FROM engines WHERE state = @state AND reason_code = @code", new { state = $"{state}", code });
        return [.. rows.Select(row => row.ToEngine())];
    }

    /// <summary>Everybody's, in the order of their ids, which is that of their making; a page of them.</summary>
    public async Task<IReadOnlyList<Engine>> ListPageAsync(EngineId? after, int limit, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var rows = await connection.QueryAsync<EngineRow>(
            "SELECT * FROM engines WHERE id > @after ORDER BY id LIMIT @limit", new { after = after?.Value ?? "", limit });
        return [.. rows.Select(row => row.ToEngine())];
    }

    /// <summary>
    /// Asks for the engine to be awake. One that is awake already keeps its generation; its idle clock begins anew.
    /// An engine that failed is tried again when <paramref name="retry"/>. It takes its template's newest version with it.
    /// </summary>
    /// <returns>The engine as it is now, or null when there is none or it is being deleted.</returns>
    /// <exception cref="TooManyAwakeException">Its owner keeps as many engines awake as one may.</exception>
    /// <exception cref="QuotaUsedException">A quota of its owner or group is used up.</exception>
    public Task<Engine?> WakeAsync(EngineId id, Reason reason, bool retry, Actor actor, CancellationToken cancellationToken) =>
        WriteAsync(
            id, AuditActions.EngineWake, reason, actor,
            $"""
            UPDATE engines SET
                template_version = CASE WHEN {NotYetAwake} THEN COALESCE((SELECT version FROM templates WHERE name = engines.template), template_version) ELSE template_version END,
                desired_code = CASE WHEN {NotYetAwake} THEN @code ELSE desired_code END,
                desired_detail = CASE WHEN {NotYetAwake} THEN @detail ELSE desired_detail END,
                generation = generation + CASE WHEN {NotYetAwake} THEN 1 ELSE 0 END,
                trace_parent = CASE WHEN {NotYetAwake} THEN @trace ELSE trace_parent END,
                asked_at = CASE WHEN {NotYetAwake} THEN @now ELSE asked_at END,
                asked_pool = CASE WHEN {NotYetAwake} THEN NULL ELSE asked_pool END,
                desired = 'Awake', last_visit = @now, row_version = row_version + 1
            WHERE id = @id AND desired <> 'Deleted'
            RETURNING *
            """,
            new { flag = retry ? 1 : 0 }, cancellationToken, wakes: true);

    // A failed engine is told apart from one whose retry is already asked for by the generation that failed.
    private const string NotYetAwake =
        "(desired <> 'Awake' OR (@flag = 1 AND state = 'Failed' AND observed_generation = generation))";

    /// <summary>The owner's or an administrator's word: sleep now. Null when it was not desired awake.</summary>
    public Task<Engine?> SleepAsync(EngineId id, Reason reason, Actor actor, CancellationToken cancellationToken) =>
        WriteAsync(
            id, AuditActions.EngineSleep, reason, actor,
            """
            UPDATE engines SET desired = 'Asleep', desired_code = @code, desired_detail = @detail, keep_awake_until = NULL,
                generation = generation + 1, trace_parent = @trace, row_version = row_version + 1
            WHERE id = @id AND desired = 'Awake'
            RETURNING *
            """,
            null, cancellationToken);

    /// <summary>The sleep sweep's write: void when anybody asked for anything since it looked. Null when void.</summary>
    /// <param name="reason">Why, in words of <see cref="Outlook.Ends"/>.</param>
    /// <param name="seen">The engine as it was when its drain began. It is compared with what is there now, so no clocks have to agree.</param>
    /// <exception cref="NotLeadingException">A newer term has begun.</exception>
    public Task<Engine?> SleepIfIdleAsync(Engine seen, Reason reason, Term term, CancellationToken cancellationToken) =>
        WriteAsync(
            seen.Id, AuditActions.EngineSleep, reason, Actor.Gateway,
            """
            UPDATE engines SET desired = 'Asleep', desired_code = @code, desired_detail = @detail,
                generation = generation + 1, trace_parent = @trace, row_version = row_version + 1
            WHERE id = @id AND desired = 'Awake' AND generation = @generation
              AND COALESCE(last_visit, 0) = @lastVisit AND COALESCE(keep_awake_until, 0) = @keepAwake
            RETURNING *
            """,
            new
            {
                generation = seen.Generation,
                lastVisit = seen.LastVisit.ToMilliseconds() ?? 0,
                keepAwake = seen.KeepAwakeUntil.ToMilliseconds() ?? 0,
            },
            cancellationToken, term);

    /// <summary>Compute started before now is replaced; an engine that sleeps is woken. Null when there is none.</summary>
    /// <exception cref="TooManyAwakeException">It slept, and its owner keeps as many engines awake as one may.</exception>
    public Task<Engine?> RestartAsync(EngineId id, Actor actor, CancellationToken cancellationToken) =>
        RestartAsync(id, new(Reasons.RestartAsked), actor, cancellationToken);

    /// <inheritdoc cref="RestartAsync(EngineId, Actor, CancellationToken)"/>
    public Task<Engine?> RestartAsync(EngineId id, Reason reason, Actor actor, CancellationToken cancellationToken) =>
        WriteAsync(
            id, AuditActions.EngineRestart, reason, actor,
            """
            UPDATE engines SET desired = 'Awake', desired_code = @code, desired_detail = @detail, last_visit = @now,
                template_version = COALESCE((SELECT version FROM templates WHERE name = engines.template), template_version),
                generation = generation + 1, restart_generation = generation + 1, trace_parent = @trace,
                asked_at = CASE WHEN desired = 'Awake' THEN asked_at ELSE @now END, asked_pool = CASE WHEN desired = 'Awake' THEN asked_pool ELSE NULL END, row_version = row_version + 1
            WHERE id = @id AND desired <> 'Deleted'
            RETURNING *
            """,
            new { flag = 1 }, cancellationToken, wakes: true);

    /// <summary>Null when there is none. Asking again may still change what happens to the disk.</summary>
    public Task<Engine?> DeleteAsync(EngineId id, bool keepDisk, Actor actor, CancellationToken cancellationToken) =>
        WriteAsync(
            id, AuditActions.EngineDelete, new(Reasons.DeleteAsked), actor,
            """
            UPDATE engines SET desired = 'Deleted', desired_code = @code, desired_detail = @detail, keep_disk = @flag,
                generation = generation + 1, trace_parent = @trace, row_version = row_version + 1
            WHERE id = @id
            RETURNING *
            """,
            new { flag = keepDisk ? 1 : 0 }, cancellationToken);

    /// <summary>Holds an engine that is awake, or wanted to be, awake until then. Null when it is not.</summary>
    public async Task<Engine?> KeepAwakeAsync(EngineId id, DateTimeOffset until, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<EngineRow>(
            "UPDATE engines SET keep_awake_until = @until, row_version = row_version + 1 WHERE id = @id AND desired = 'Awake' RETURNING *",
            new { id = id.Value, until = until.ToUnixTimeMilliseconds() });
        return row?.ToEngine();
    }

    /// <summary>Whether it may be woken before its owner comes. Null when there is none.</summary>
    public async Task<Engine?> AllowPreWakeAsync(EngineId id, bool allowed, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<EngineRow>(
            "UPDATE engines SET pre_wake = @allowed, row_version = row_version + 1 WHERE id = @id AND desired <> 'Deleted' RETURNING *",
            new { id = id.Value, allowed = allowed ? 1 : 0 });
        return row?.ToEngine();
    }

    /// <summary>Those that were woken by habit and to which nobody has come yet, as far as is written.</summary>
    public async Task<IReadOnlyList<Engine>> ListWokenByHabitAsync(CancellationToken cancellationToken) =>
        [.. (await ListAsync("WHERE desired = 'Awake' AND desired_code = @value", Reasons.Habit, cancellationToken)).Where(engine => engine.IsAhead)];

    /// <summary>Its owner's word: what waits takes this pool and no other, this once. Null when it does not wait.</summary>
    public async Task<Engine?> AskForPoolAsync(EngineId id, string pool, Actor actor, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var engine = (await connection.QuerySingleOrDefaultAsync<EngineRow>(
            "UPDATE engines SET asked_pool = @pool, row_version = row_version + 1 WHERE id = @id AND desired = 'Awake' AND state = 'Queued' RETURNING *",
            new { id = id.Value, pool }, transaction))?.ToEngine();
        if (engine is not null)
        {
            await EventLog.AppendAsync(connection, transaction, id, Now, engine.State, new(Reasons.PoolAsked, pool), actor);
            await AuditAsync(connection, transaction, AuditActions.EngineWake, engine, $"pool {pool}", actor);
        }

        await transaction.CommitAsync(cancellationToken);
        return engine;
    }

    private async Task<Engine?> WriteAsync(
        EngineId id, string action, Reason reason, Actor actor, string sql, object? more, CancellationToken cancellationToken, Term? term = null, bool wakes = false)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (term is not null)
            await Fence.RequireAsync(database, connection, transaction, term.Value);
        var parameters = new DynamicParameters(more);
        parameters.Add("id", id.Value);
        parameters.Add("code", reason.Code);
        parameters.Add("detail", reason.Detail.Storable());
        parameters.Add("now", Now);
        parameters.Add("trace", Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity ? activity.Id : null, DbType.String);
        if (wakes)
            await RequireRoomAsync(connection, transaction, parameters);
        // Of simultaneous writers each sees what the one before it made of the row.
        var before = await connection.ExecuteScalarAsync<long?>(
            $"SELECT generation FROM engines WHERE id = @id {database.ForUpdate}", parameters, transaction);
        var engine = (await connection.QuerySingleOrDefaultAsync<EngineRow>(sql, parameters, transaction))?.ToEngine();
        if (wakes && reason.Code != Reasons.Habit)
            await SessionLog.CameAsync(connection, transaction, id, Now);
        if (engine is not null && engine.Generation != before)
        {
            await EventLog.AppendAsync(connection, transaction, id, Now, engine.State, reason, actor);
            await AuditAsync(connection, transaction, action, engine, Detail(action, engine, reason), actor);
        }

        await transaction.CommitAsync(cancellationToken);
        return engine;
    }

    private Task AuditAsync(DbConnection connection, DbTransaction transaction, string action, Engine engine, string detail, Actor actor) =>
        AuditLog.AppendAsync(connection, transaction, Now, new(action, AuditOutcome.Done, actor, AuditTarget.Of(engine), detail));

    private static string Detail(string action, Engine engine, Reason reason) =>
        action == AuditActions.EngineDelete ? engine.KeepDisk ? "disk kept" : "disk removed"
        : EndsWork.Contains(reason.Code) && reason.Detail is { } work ? $"{reason.Code}: {work}"
        : reason.Code;

    /// <summary>Reasons that end what an engine does, or may do: the audit log says what that was.</summary>
    private static readonly HashSet<string> EndsWork =
        [Reasons.SleepAskedWhileBusy, Reasons.RestartAskedWhileBusy, Reasons.BusyTooLong, Reasons.UnknownTooLong, Reasons.FailedTooLong];

    /// <summary>Of simultaneous wakes of one person's engines each counts what the one before it made. One that is awake already needs no room.</summary>
    private async Task RequireRoomAsync(DbConnection connection, DbTransaction transaction, DynamicParameters parameters)
    {
        const string Sleeper = $"SELECT * FROM engines WHERE id = @id AND {NotYetAwake}";
        if (limit is null || await connection.QuerySingleOrDefaultAsync<EngineRow>(Sleeper, parameters, transaction) is null)
            return;
        await connection.ExecuteAsync(database.LockOwner, parameters, transaction);
        if (await connection.QuerySingleOrDefaultAsync<EngineRow>(Sleeper, parameters, transaction) is not { } row)
            return;
        var engine = row.ToEngine();
        var ledger = new QuotaLedger(connection, transaction, engine.Owner, engine.Group, limit.Zone);
        var own = await ledger.LimitsAsync(one => one is { Item: QuotaItem.Awake, Scope: not RuleScope.Group });
        if ((own.Count > 0 ? (int)own[0].Limit : limit.PerPerson) is var most && (most > 0 || own.Count > 0))
        {
            var awake = (await connection.QueryAsync<string>(
                """
                SELECT host FROM engines
                WHERE owner_id = @owner AND id <> @id AND desired = 'Awake' AND NOT (state = 'Failed' AND observed_generation = generation)
                ORDER BY host
                """,
                new { owner = engine.Owner.Value, id = engine.Id.Value }, transaction)).AsList();
            if (awake.Count >= most)
                throw new TooManyAwakeException(most, awake);
        }

        foreach (var near in await QuotaGuard.RequireForWakeAsync(database, connection, transaction, engine, limit.Zone, time.GetUtcNow()))
            await EventLog.AppendAsync(connection, transaction, engine.Id, Now, engine.State, new(Reasons.QuotaNear, near.ToDetail()), Actor.Gateway);
    }

    private async Task<Engine?> FindWhereAsync(string where, string value, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<EngineRow>($"SELECT * FROM engines WHERE {where}", new { value });
        return row?.ToEngine();
    }

    private async Task<IReadOnlyList<Engine>> ListAsync(string where, string? value, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var rows = await connection.QueryAsync<EngineRow>($"SELECT * FROM engines {where} ORDER BY created_at, id", new { value });
        return [.. rows.Select(row => row.ToEngine())];
    }
}
