using Aigc.Engines.Auditing;
using Aigc.Engines.Leading;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.People;
using Dapper;

namespace Aigc.Engines.Storage;

/// <summary>A disk that outlived its engine. An engine taken with it has the deleted one's id, and so its files.</summary>
/// <param name="Host">Where the deleted engine was.</param>
public sealed record KeptDisk(EngineId Id, string Template, string Host, DateTimeOffset DeletedAt);

public sealed class KeptDiskStore(Database database, TimeProvider time)
{
    /// <summary>Those that the owner may take back, the newest first.</summary>
    public async Task<IReadOnlyList<KeptDisk>> ListAsync(UserId owner, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var rows = await connection.QueryAsync<KeptDiskRow>(
            "SELECT engine_id, template, host, deleted_at FROM kept_disks WHERE owner_id = @owner AND remove_at IS NULL ORDER BY deleted_at DESC", new { owner = owner.Value });
        return [.. rows.Select(row => new KeptDisk(new(row.Engine_Id), row.Template, row.Host, row.Deleted_At.ToTime()))];
    }

    /// <summary>Disks of deleted people whose time is over.</summary>
    public async Task<IReadOnlyList<EngineId>> ListDueAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var ids = await connection.QueryAsync<string>(
            "SELECT engine_id FROM kept_disks WHERE remove_at <= @now AND engine_id NOT IN (SELECT id FROM engines) ORDER BY remove_at",
            new { now = time.GetUtcNow().ToUnixTimeMilliseconds() });
        return [.. ids.Select(id => new EngineId(id))];
    }

    /// <summary>Notes that a disk is removed.</summary>
    /// <exception cref="NotLeadingException">A newer term has begun.</exception>
    public async Task RemovedAsync(EngineId id, Term term, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await Fence.RequireAsync(database, connection, transaction, term);
        var host = await connection.QuerySingleOrDefaultAsync<string?>(
            "DELETE FROM kept_disks WHERE engine_id = @id RETURNING host", new { id = id.Value }, transaction);
        if (host is null)
            return;
        await AuditLog.AppendAsync(
            connection, transaction, time.GetUtcNow().ToUnixTimeMilliseconds(),
            new(AuditActions.DiskRemove, AuditOutcome.Done, Actor.Gateway, new("disk", id.Value, host), "its owner was deleted"));
        await transaction.CommitAsync(cancellationToken);
    }

    private sealed class KeptDiskRow
    {
        public string Engine_Id { get; set; } = "";
        public string Template { get; set; } = "";
        public string Host { get; set; } = "";
        public long Deleted_At { get; set; }
    }
}
