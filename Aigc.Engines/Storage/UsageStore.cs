using Aigc.Engines.Leading;
using Aigc.Engines.Lifecycle;
using Dapper;

namespace Aigc.Engines.Storage;

/// <summary>Compute from allocation to release: one interval for each runtime uid, however often its begin and end are reported.</summary>
public sealed record UsageInterval(
    string RuntimeUid, EngineId Engine, string Template, string TemplateVersion, DateTimeOffset StartedAt, DateTimeOffset? EndedAt);

/// <summary>Written by the leading worker.</summary>
public sealed class UsageStore(Database database)
{
    /// <summary>The first start that is reported counts, and none is before the end of the engine's last interval: whatever clocks said, they tile.</summary>
    public async Task StartedAsync(Engine engine, string runtimeUid, DateTimeOffset at, Term term, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await Fence.RequireAsync(database, connection, transaction, term);
        await connection.ExecuteAsync(
            """
            INSERT INTO usage_intervals (runtime_uid, engine_id, owner_id, group_id, template, template_version, pool, milli_gpus, started_at)
            SELECT @runtimeUid, @id, @owner, @group, @Template, @TemplateVersion, @pool, @MilliGpus,
                CASE WHEN COALESCE(MAX(ended_at), 0) > @at THEN MAX(ended_at) ELSE @at END
            FROM usage_intervals WHERE engine_id = @id
            ON CONFLICT (runtime_uid) DO NOTHING
            """,
            new
            {
                runtimeUid,
                id = engine.Id.Value,
                owner = engine.Owner.Value,
                group = engine.Group.Value,
                engine.Template,
                engine.TemplateVersion,
                pool = engine.Pool ?? "",
                engine.MilliGpus,
                at = at.ToUnixTimeMilliseconds(),
            },
            transaction);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>The first end that is reported counts, and none is before its start.</summary>
    public async Task EndedAsync(string runtimeUid, DateTimeOffset at, Term term, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await Fence.RequireAsync(database, connection, transaction, term);
        await connection.ExecuteAsync(
            "UPDATE usage_intervals SET ended_at = CASE WHEN started_at > @at THEN started_at ELSE @at END WHERE runtime_uid = @runtimeUid AND ended_at IS NULL",
            new { runtimeUid, at = at.ToUnixTimeMilliseconds() },
            transaction);
        await transaction.CommitAsync(cancellationToken);
    }

    public async Task<IReadOnlyList<UsageInterval>> ListOpenAsync(CancellationToken cancellationToken) =>
        await ReadAsync("ended_at IS NULL", null, cancellationToken);

    public async Task<IReadOnlyList<UsageInterval>> ListAsync(EngineId engine, CancellationToken cancellationToken) =>
        await ReadAsync("engine_id = @engine", engine.Value, cancellationToken);

    private async Task<IReadOnlyList<UsageInterval>> ReadAsync(string where, string? engine, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var rows = await connection.QueryAsync<UsageRow>($"SELECT * FROM usage_intervals WHERE {where} ORDER BY started_at", new { engine });
        return [.. rows.Select(row => new UsageInterval(
            row.Runtime_Uid, new(row.Engine_Id), row.Template, row.Template_Version, row.Started_At.ToTime(), row.Ended_At.ToTime()))];
    }

    private sealed class UsageRow
    {
        public string Runtime_Uid { get; set; } = "";
        public string Engine_Id { get; set; } = "";
        public string Template { get; set; } = "";
        public string Template_Version { get; set; } = "";
        public long Started_At { get; set; }
        public long? Ended_At { get; set; }
    }
}
