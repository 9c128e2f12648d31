using System.Data.Common;
using Aigc.Engines.Leading;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.Metering;
using Dapper;

namespace Aigc.Engines.Storage;

/// <summary>An engine's disk, or one that outlived its engine.</summary>
/// <param name="Measured">Its size as far as it is metered; null: it is not.</param>
public sealed record MeteredDisk(EngineId Engine, string Owner, string Group, string Template, string TemplateVersion, long? Measured);

/// <summary>Meters what is beside compute: disks, parts of runs, work. Written by the leading worker.</summary>
public sealed class MeterStore(Database database, TimeProvider time)
{
    /// <summary>Of engines, and kept ones, which belong to who had the engine.</summary>
    public async Task<IReadOnlyList<MeteredDisk>> ListDisksAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        // A kept disk has only its owner: the rest is as it was metered.
        var rows = await connection.QueryAsync<DiskRow>(
            """
            SELECT e.id, e.owner_id, e.group_id, e.template, e.template_version, d.bytes
            FROM engines e LEFT JOIN disk_intervals d ON d.engine_id = e.id AND d.ended_at IS NULL
            UNION ALL
            SELECT k.engine_id, k.owner_id, d.group_id, d.template, d.template_version, d.bytes
            FROM kept_disks k JOIN disk_intervals d ON d.engine_id = k.engine_id AND d.ended_at IS NULL
            WHERE k.engine_id NOT IN (SELECT id FROM engines)
            """);
        return [.. rows.Select(row => new MeteredDisk(new(row.Id), row.Owner_Id, row.Group_Id, row.Template, row.Template_Version, row.Bytes))];
    }

    /// <summary>From now on the disk has this size: what was is closed, and if it is more than nothing, a new interval begins.</summary>
    /// <exception cref="NotLeadingException">A newer term has begun.</exception>
    public Task ResizedAsync(MeteredDisk disk, long bytes, Term term, CancellationToken cancellationToken) => WriteAsync(term, async (connection, transaction) =>
    {
        await CloseAsync(connection, transaction, "engine_id = @id", new { id = disk.Engine.Value, now = Now });
        if (bytes == 0)
            return;
        // Whatever clocks said, each begins after the one before.
        await connection.ExecuteAsync(
            """
            INSERT INTO disk_intervals (engine_id, owner_id, group_id, template, template_version, bytes, started_at)
            SELECT @id, @Owner, @Group, @Template, @TemplateVersion, @bytes, CASE WHEN over > @now THEN over ELSE @now END
            FROM (SELECT COALESCE(MAX(CASE WHEN ended_at > started_at THEN ended_at ELSE started_at + 1 END), 0) AS over FROM disk_intervals WHERE engine_id = @id) AS before
            """,
            new { id = disk.Engine.Value, disk.Owner, disk.Group, disk.Template, disk.TemplateVersion, bytes, now = Now }, transaction);
    }, cancellationToken);

    /// <summary>Closes those whose engine is gone and whose disk was not kept.</summary>
    /// <exception cref="NotLeadingException">A newer term has begun.</exception>
    public Task CloseGoneAsync(Term term, CancellationToken cancellationToken) => WriteAsync(
        term,
        (connection, transaction) => CloseAsync(
            connection, transaction,
            "engine_id NOT IN (SELECT id FROM engines) AND engine_id NOT IN (SELECT engine_id FROM kept_disks)", new { now = Now }),
        cancellationToken);

    /// <summary>Adds stretches that are over. One that is known already counts once.</summary>
    /// <exception cref="NotLeadingException">A newer term has begun.</exception>
    public Task AddPartsAsync(IReadOnlyList<(string RuntimeUid, UsePart Part)> parts, Term term, CancellationToken cancellationToken) =>
        WriteAsync(term, (connection, transaction) => connection.ExecuteAsync(
            "INSERT INTO usage_parts (runtime_uid, kind, started_at, ended_at) VALUES (@RuntimeUid, @kind, @from, @until) ON CONFLICT DO NOTHING",
            parts.Select(one => new
            {
                one.RuntimeUid,
                kind = one.Part.Kind.ToString(),
                from = one.Part.From.ToUnixTimeMilliseconds(),
                until = one.Part.Until.ToUnixTimeMilliseconds(),
            }),
            transaction), cancellationToken);

    /// <summary>Notes how much a run has done since its start; what was noted before is taken off.</summary>
    /// <exception cref="NotLeadingException">A newer term has begun.</exception>
    public Task CountAsync(string runtimeUid, long total, Term term, CancellationToken cancellationToken) =>
        WriteAsync(term, (connection, transaction) => connection.ExecuteAsync(
            """
            INSERT INTO work_counts (runtime_uid, at, amount)
            SELECT @runtimeUid, @now, @total - known FROM (SELECT COALESCE(SUM(amount), 0) AS known FROM work_counts WHERE runtime_uid = @runtimeUid) AS before
            WHERE @total > known
            """,
            new { runtimeUid, now = Now, total }, transaction), cancellationToken);

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    private static Task<int> CloseAsync(DbConnection connection, DbTransaction transaction, string which, object parameters) => connection.ExecuteAsync(
        $"UPDATE disk_intervals SET ended_at = CASE WHEN started_at > @now THEN started_at ELSE @now END WHERE ended_at IS NULL AND {which}",
        parameters, transaction);

    private async Task WriteAsync(Term term, Func<DbConnection, DbTransaction, Task> write, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await Fence.RequireAsync(database, connection, transaction, term);
        await write(connection, transaction);
        await transaction.CommitAsync(cancellationToken);
    }

    private sealed class DiskRow
    {
        public string Id { get; set; } = "";
        public string Owner_Id { get; set; } = "";
        public string Group_Id { get; set; } = "";
        public string Template { get; set; } = "";
        public string Template_Version { get; set; } = "";
        public long? Bytes { get; set; }
    }
}
