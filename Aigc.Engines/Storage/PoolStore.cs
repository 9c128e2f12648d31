using System.Data.Common;
using System.Text.Json;
using System.Text.Json.Serialization;
using Aigc.Engines.Auditing;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.Metering;
using Aigc.Engines.Pools;
using Dapper;

namespace Aigc.Engines.Storage;

/// <summary>Supplies of GPUs in their order of preference, and what they cost. One that was removed is closed while engines are in it, and then gone.</summary>
public sealed class PoolStore(Database database, TimeProvider time)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>In their order; closed ones are among them.</summary>
    public async Task<IReadOnlyList<Pool>> ListAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var rows = await connection.QueryAsync<PoolRow>(
            """
            SELECT name, body, removed_at FROM pools
            WHERE removed_at IS NULL OR EXISTS (SELECT 1 FROM engines WHERE engines.pool = pools.name AND pool_units > 0)
            ORDER BY position, name
            """);
        return [.. rows.Select(row => row.ToPool())];
    }

    /// <summary>Those in use, by name.</summary>
    public async Task<IReadOnlyDictionary<string, PoolUse>> UseAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var rows = await connection.QueryAsync<(string Pool, long Engines, long Units)>(
            "SELECT pool, COUNT(*), CAST(SUM(pool_units) AS BIGINT) FROM engines WHERE pool_units > 0 GROUP BY pool");
        var waiting = (await connection.QueryAsync<string?>("SELECT reason_detail FROM engines WHERE state = 'Queued' AND reason_code = @code", new { code = Reasons.Queued }))
            .CountBy(detail => QueuePlace.Parse(detail)?.Pool ?? "").ToDictionary();
        return rows.Select(row => new PoolUse(row.Pool, (int)row.Engines, row.Units, 0))
            .Concat(waiting.Keys.Select(pool => new PoolUse(pool, 0, 0, 0))).DistinctBy(use => use.Pool)
            .ToDictionary(use => use.Pool, use => use with { Waiting = waiting.GetValueOrDefault(use.Pool) }, StringComparer.Ordinal);
    }

    /// <summary>Enters the pool, the last of all, or changes it in its place.</summary>
    public async Task<SavePoolResult> SaveAsync(Pool pool, Actor actor, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync(database.Lock("pools"), transaction: transaction);
        var body = JsonSerializer.Serialize(pool, Json);
        var parameters = new { pool.Name, body = body.Storable() };
        var before = (await connection.QuerySingleOrDefaultAsync<PoolRow>("SELECT name, body, removed_at FROM pools WHERE name = @Name", parameters, transaction));
        if (before?.ToPool() is { } known && (known.Resource != pool.Resource || known.UnitsPerGpu != pool.UnitsPerGpu)
            && await connection.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM engines WHERE pool = @Name AND pool_units > 0", parameters, transaction) > 0)
        {
            return SavePoolResult.InUse;
        }

        await connection.ExecuteAsync(
            """
            INSERT INTO pools (name, position, body) SELECT @Name, COALESCE(MAX(position), 0) + 1, @body FROM pools WHERE 1 = 1
            ON CONFLICT (name) DO UPDATE SET body = excluded.body, removed_at = NULL,
                position = CASE WHEN pools.removed_at IS NULL THEN pools.position ELSE excluded.position END
            """,
            parameters, transaction);
        if (before is null || before.Removed_At is not null || before.Body != body)
            await AuditAsync(connection, transaction, AuditActions.PoolSave, pool.Name, Words(pool), actor);
        await transaction.CommitAsync(cancellationToken);
        return before is { Removed_At: null } ? SavePoolResult.Updated : SavePoolResult.Created;
    }

    /// <summary>Pools that are not named come after those that are.</summary>
    public async Task ReorderAsync(IReadOnlyList<string> names, Actor actor, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync(database.Lock("pools"), transaction: transaction);
        var before = (await connection.QueryAsync<string>("SELECT name FROM pools WHERE removed_at IS NULL ORDER BY position, name", transaction: transaction)).AsList();
        List<string> after = [.. names.Where(before.Contains).Distinct(), .. before.Where(name => !names.Contains(name))];
        if (after.SequenceEqual(before))
            return;
        for (var position = 0; position < after.Count; position++)
            await connection.ExecuteAsync("UPDATE pools SET position = @position WHERE name = @name", new { position = position + 1L, name = after[position] }, transaction);
        await AuditAsync(connection, transaction, AuditActions.PoolSave, string.Join(' ', after), "order", actor);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Nothing new starts in it; what runs in it goes on.</summary>
    public async Task<bool> RemoveAsync(string name, Actor actor, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (await connection.ExecuteAsync("UPDATE pools SET removed_at = @Now WHERE name = @name AND removed_at IS NULL", new { Now, name = name.Storable() }, transaction) == 0)
            return false;
        await AuditAsync(connection, transaction, AuditActions.PoolRemove, name, null, actor);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>What a GPU-hour of each pool costs and cost, by its name.</summary>
    public async Task<IReadOnlyDictionary<string, PriceList>> PriceListsAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await PriceRows.OfPoolsAsync(connection);
    }

    /// <summary>Of one pool, the oldest first.</summary>
    public async Task<IReadOnlyList<Price>> PricesOfAsync(string pool, CancellationToken cancellationToken)
    {
        var item = PriceRows.ItemOf(pool);
        await using var connection = await database.OpenAsync(cancellationToken);
        return [.. (await PriceRows.ReadAsync(connection, item: item))[item]];
    }

    /// <summary>Adds what a GPU-hour costs from then on. The first may be valid from any time, each other neither from the past nor from a time that has one.</summary>
    /// <returns>Null, or why not, as a sentence.</returns>
    public async Task<string?> AddPriceAsync(string pool, Price price, Actor actor, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync(database.Lock("prices"), transaction: transaction);
        var row = new { item = PriceRows.ItemOf(pool), from = price.From.ToUnixTimeMilliseconds(), micros = price.Micros };
        var isFirst = await connection.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM prices WHERE item = @item", row, transaction) == 0;
        if (!isFirst && row.from < Now)
            return "A price is never changed afterwards: what was used is charged as it was said then. Give a time that is still to come, or none for now.";
        if (await connection.ExecuteAsync("INSERT INTO prices (item, valid_from, micros) VALUES (@item, @from, @micros) ON CONFLICT DO NOTHING", row, transaction) == 0)
            return "There is a price from that very moment already, and a price is never changed. Give a later time.";
        await AuditAsync(connection, transaction, AuditActions.PriceAdd, pool, $"{price.Micros} millionths a GPU-hour from {price.From.ToUniversalTime():O}", actor);
        await transaction.CommitAsync(cancellationToken);
        return null;
    }

    private Task AuditAsync(DbConnection connection, DbTransaction transaction, string action, string name, string? detail, Actor actor) =>
        AuditLog.AppendAsync(connection, transaction, Now, new(action, AuditOutcome.Done, actor, new("pool", name, name), detail));

    private static string Words(Pool pool) =>
        $"{pool.Capacity} {pool.Resource}, {pool.UnitsPerGpu} to a GPU{(pool.Spot ? ", spot" : "")}{(pool.OnRequest ? ", on request" : "")}";

    private sealed class PoolRow
    {
        public string Name { get; set; } = "";
        public string Body { get; set; } = "";
        public long? Removed_At { get; set; }

        public Pool ToPool() => JsonSerializer.Deserialize<Pool>(Body, Json)! with { Name = Name, Closed = Removed_At is not null };
    }
}

public enum SavePoolResult
{
    Created,
    Updated,

    /// <summary>Engines are in it, counted by the resource and the units that it has.</summary>
    InUse,
}
