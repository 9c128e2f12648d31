using Aigc.Engines.Lifecycle;
using Aigc.Engines.People;
using Dapper;

namespace Aigc.Engines.Storage;

/// <summary>A disk that outlived its engine. An engine taken with it has the deleted one's id, and so its files.</summary>
/// <param name="Host">Where the deleted engine was.</param>
public sealed record KeptDisk(EngineId Id, string Template, string Host, DateTimeOffset DeletedAt);

public sealed class KeptDiskStore(Database database)
{
    /// <summary>Those that the owner may take back, the newest first.</summary>
    public async Task<IReadOnlyList<KeptDisk>> ListAsync(UserId owner, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var rows = await connection.QueryAsync<KeptDiskRow>(
            "SELECT engine_id, template, host, deleted_at FROM kept_disks WHERE owner_id = @owner AND remove_at IS NULL ORDER BY deleted_at DESC", new { owner = owner.Value });
        return [.. rows.Select(row => new KeptDisk(new(row.Engine_Id), row.Template, row.Host, row.Deleted_At.ToTime()))];
    }

    private sealed class KeptDiskRow
    {
        public string Engine_Id { get; set; } = "";
        public string Template { get; set; } = "";
        public string Host { get; set; } = "";
        public long Deleted_At { get; set; }
    }
}
