using System.Data.Common;
using Aigc.Engines.Access;
using Aigc.Engines.Auditing;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.People;
using Dapper;

namespace Aigc.Engines.Storage;

/// <summary>Who besides the owner may open an engine. Each change is in the audit log with it, and in the engine's own row.</summary>
public sealed class AccessStore(Database database, TimeProvider time)
{
    /// <summary>How long the owner is told of an administrator's access after its end.</summary>
    public static readonly TimeSpan ToldFor = TimeSpan.FromDays(7);

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Lets a person or the group look. Null when the engine is gone; the share that was there already stays as it is.</summary>
    public Task<EngineGrant?> ShareAsync(EngineId id, SubjectKind kind, string subject, Actor actor, CancellationToken cancellationToken) =>
        ChangeAsync(id, async change =>
        {
            var share = new GrantRow { Subject_Kind = kind.ToString(), Subject_Id = subject, Level = nameof(AccessLevel.View) };
            var known = await change.FindAsync(
                "a.subject_kind = @Subject_Kind AND a.subject_id = @Subject_Id AND a.level = @Level", share);
            if (known is not null)
                return known;
            var added = await change.AddAsync(share, actor);
            await change.AuditAsync(AuditActions.EngineShare, actor, $"view, {kind.ToString().ToLowerInvariant()} {added.SubjectName}");
            return added;
        }, cancellationToken);

    /// <summary>Null when there is no such share.</summary>
    public Task<EngineGrant?> UnshareAsync(EngineId id, string share, Actor actor, CancellationToken cancellationToken) =>
        ChangeAsync(id, async change =>
        {
            if (await change.FindAsync("a.id = @share AND a.level = 'View'", new { share }) is not { } known)
                return null;
            await change.ExecuteAsync("DELETE FROM engine_access WHERE id = @share", new { share });
            await change.AuditAsync(
                AuditActions.EngineUnshare, actor, $"view, {known.Grant.Kind.ToString().ToLowerInvariant()} {known.SubjectName}");
            return known;
        }, cancellationToken);

    /// <summary>Opens the engine for an administrator, who says why. An access they have already ends now. Null when the engine is gone.</summary>
    public Task<EngineGrant?> OpenAsync(
        EngineId id, UserId administrator, string reason, DateTimeOffset until, Actor actor, CancellationToken cancellationToken) =>
        ChangeAsync(id, async change =>
        {
            await change.EndAsync(administrator);
            var added = await change.AddAsync(
                new()
                {
                    Subject_Kind = nameof(SubjectKind.Person),
                    Subject_Id = administrator.Value,
                    Level = nameof(AccessLevel.Use),
                    Reason = reason.Storable(),
                    Expires_At = until.ToUnixTimeMilliseconds(),
                },
                actor);
            await change.AuditAsync(AuditActions.AdminAccess, actor, $"until {until:u}: {reason}");
            await change.RecordAsync(new(Reasons.AdminAccess, reason), actor);
            return added;
        }, cancellationToken);

    /// <summary>Ends one administrator's access, or everybody's. Null when there is none.</summary>
    public Task<EngineGrant?> CloseAsync(EngineId id, UserId? administrator, Actor actor, CancellationToken cancellationToken) =>
        ChangeAsync(id, async change =>
        {
            if (await change.EndAsync(administrator) is not { } ended)
                return null;
            await change.AuditAsync(AuditActions.AdminAccessEnd, actor, null);
            await change.RecordAsync(new(Reasons.AdminAccessEnded), actor);
            return ended;
        }, cancellationToken);

    public async Task<IReadOnlyList<EngineGrant>> ListSharesAsync(EngineId id, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var rows = await connection.QueryAsync<GrantRow>(
            $"{Select} WHERE a.engine_id = @id AND a.level = 'View' ORDER BY a.id", new { id = id.Value });
        return [.. rows.Select(row => row.ToEngineGrant())];
    }

    /// <summary>Administrators' accesses of an engine: those in force, and those that ended a short while ago; the newest first.</summary>
    public Task<IReadOnlyList<EngineGrant>> ListAccessesAsync(EngineId id, CancellationToken cancellationToken) =>
        ListAccessesAsync("a.engine_id = @value", id.Value, cancellationToken);

    /// <summary>The same for all engines of an owner.</summary>
    public Task<IReadOnlyList<EngineGrant>> ListAccessesAsync(UserId owner, CancellationToken cancellationToken) =>
        ListAccessesAsync("a.engine_id IN (SELECT id FROM engines WHERE owner_id = @value)", owner.Value, cancellationToken);

    /// <summary>The engines of others that this person may look at.</summary>
    public async Task<IReadOnlyList<Engine>> ListSharedAsync(Standing who, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var rows = await connection.QueryAsync<EngineRow>(
            """
            SELECT * FROM engines WHERE owner_id <> @user AND id IN (
                SELECT engine_id FROM engine_access
                WHERE (subject_kind = 'Person' AND subject_id = @user) OR (subject_kind = 'Group' AND subject_id = @group))
            ORDER BY created_at, id
            """,
            new { user = who.Id.Value, group = who.Group.Value });
        var now = time.GetUtcNow();
        return [.. rows.Select(row => row.ToEngine()).Where(engine => AccessRule.RightsOf(who, engine, now).HasFlag(Rights.View))];
    }

    private const string Select =
        """
        SELECT a.*, COALESCE(subject.user_name, a.subject_id) AS subject_name, COALESCE(granter.user_name, a.granted_by) AS granter_name
        FROM engine_access a
        LEFT JOIN users subject ON a.subject_kind = 'Person' AND subject.id = a.subject_id
        LEFT JOIN users granter ON granter.id = a.granted_by
        """;

    private async Task<IReadOnlyList<EngineGrant>> ListAccessesAsync(string where, string value, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var rows = await connection.QueryAsync<GrantRow>(
            $"{Select} WHERE {where} AND a.level = 'Use' AND a.expires_at > @since ORDER BY a.id DESC",
            new { value, since = Now - (long)ToldFor.TotalMilliseconds });
        return [.. rows.Select(row => row.ToEngineGrant())];
    }

    private async Task<EngineGrant?> ChangeAsync(EngineId id, Func<Change, Task<EngineGrant?>> make, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var engine = (await connection.QuerySingleOrDefaultAsync<EngineRow>(
            $"SELECT * FROM engines WHERE id = @id {database.ForUpdate}", new { id = id.Value }, transaction))?.ToEngine();
        if (engine is null or { Desired: Desired.Deleted })
            return null;
        var now = Now;
        if (await make(new(connection, transaction, engine, now)) is not { } grant)
            return null;
        await GrantColumn.WriteAsync(connection, transaction, id.Value, now);
        await transaction.CommitAsync(cancellationToken);
        return grant;
    }

    /// <summary>One change of an engine's grants, in one transaction that holds the engine's row.</summary>
    private sealed class Change(DbConnection connection, DbTransaction transaction, Engine engine, long now)
    {
        public Task<int> ExecuteAsync(string sql, object parameters) => connection.ExecuteAsync(sql, parameters, transaction);

        public async Task<EngineGrant?> FindAsync(string where, object parameters)
        {
            var all = new DynamicParameters(parameters);
            all.Add("engine", engine.Id.Value);
            all.Add("now", now);
            var row = await connection.QueryFirstOrDefaultAsync<GrantRow>(
                $"{Select} WHERE a.engine_id = @engine AND {where} ORDER BY a.id DESC", all, transaction);
            return row?.ToEngineGrant();
        }

        public async Task<EngineGrant> AddAsync(GrantRow row, Actor actor)
        {
            row.Id = Guid.CreateVersion7(now.ToTime()).ToString("N");
            row.Engine_Id = engine.Id.Value;
            row.Granted_By = actor.Id?.Value ?? actor.Name;
            row.Created_At = now;
            await ExecuteAsync(
                """
                INSERT INTO engine_access (id, engine_id, subject_kind, subject_id, level, granted_by, reason, created_at, expires_at)
                VALUES (@Id, @Engine_Id, @Subject_Kind, @Subject_Id, @Level, @Granted_By, @Reason, @Created_At, @Expires_At)
                """,
                row);
            return (await FindAsync("a.id = @Id", row))!;
        }

        /// <returns>The newest that was in force.</returns>
        public async Task<EngineGrant?> EndAsync(UserId? administrator)
        {
            const string InForce = "level = 'Use' AND expires_at > @now AND (@administrator = '' OR subject_id = @administrator)";
            var parameters = new { engine = engine.Id.Value, now, administrator = administrator?.Value ?? "" };
            var ended = await FindAsync(InForce, parameters);
            await ExecuteAsync($"UPDATE engine_access SET expires_at = @now WHERE engine_id = @engine AND {InForce}", parameters);
            return ended;
        }

        public Task AuditAsync(string action, Actor actor, string? detail) =>
            AuditLog.AppendAsync(
                connection, transaction, now,
                new(action, AuditOutcome.Done, actor, AuditTarget.Of(engine), detail));

        public Task RecordAsync(Reason reason, Actor actor) =>
            EventLog.AppendAsync(connection, transaction, engine.Id, now, engine.State, reason, actor);
    }
}
