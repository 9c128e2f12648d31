using System.Data.Common;
using System.Runtime.CompilerServices;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.Metering;
using Dapper;

namespace Aigc.Engines.Storage;

/// <summary>Reads what was used, row by row, however much it is.</summary>
public sealed class CostStore(Database database)
{
    /// <summary>All compute that was there at some time in between. What is there still ends now.</summary>
    public async IAsyncEnumerable<ComputeUse> ComputeAsync(
        CostSight sight, DateTimeOffset from, DateTimeOffset until, DateTimeOffset now, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var reader = await QueryAsync(
            connection, "runtime_uid, engine_id, owner_id, group_id, template, template_version, pool, milli_gpus, started_at, ended_at", "usage_intervals", sight, from, until);
        while (await reader.ReadAsync(cancellationToken))
        {
            var (start, end) = Times(reader, 8, now);
            yield return new(
                reader.GetString(0), new(reader.GetString(1)), new(reader.GetString(2)), new(reader.GetString(3)), reader.GetString(4), reader.GetString(5),
                reader.GetString(6), reader.GetInt64(7), start, end);
        }
    }

    /// <summary>All disks that were there at some time in between.</summary>
    public async IAsyncEnumerable<DiskUse> DisksAsync(
        CostSight sight, DateTimeOffset from, DateTimeOffset until, DateTimeOffset now, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var reader = await QueryAsync(
            connection, "engine_id, owner_id, group_id, template, template_version, bytes, started_at, ended_at", "disk_intervals", sight, from, until);
        while (await reader.ReadAsync(cancellationToken))
        {
            var (start, end) = Times(reader, 6, now);
            yield return new(
                new(reader.GetString(0)), new(reader.GetString(1)), new(reader.GetString(2)), reader.GetString(3), reader.GetString(4), reader.GetInt64(5), start, end);
        }
    }

    /// <summary>What was not its owner's use, by the run.</summary>
    public async Task<IReadOnlyDictionary<string, IReadOnlyList<UsePart>>> PartsAsync(DateTimeOffset from, DateTimeOffset until, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var reader = await connection.ExecuteReaderAsync(
            "SELECT runtime_uid, kind, started_at, ended_at FROM usage_parts WHERE ended_at > @from AND started_at < @until",
            new { from = from.ToUnixTimeMilliseconds(), until = until.ToUnixTimeMilliseconds() });
        var parts = new Dictionary<string, IReadOnlyList<UsePart>>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
            Add(parts, reader.GetString(0), new(Enum.Parse<CostKind>(reader.GetString(1)), reader.GetInt64(2).ToTime(), reader.GetInt64(3).ToTime()));
        return parts;
    }

    /// <summary>Pictures or jobs, by the run and the moment of their report.</summary>
    public async Task<IReadOnlyDictionary<string, IReadOnlyList<(DateTimeOffset At, long Amount)>>> WorkAsync(
        DateTimeOffset from, DateTimeOffset until, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var reader = await connection.ExecuteReaderAsync(
            "SELECT runtime_uid, at, amount FROM work_counts WHERE at >= @from AND at < @until",
            new { from = from.ToUnixTimeMilliseconds(), until = until.ToUnixTimeMilliseconds() });
        var work = new Dictionary<string, IReadOnlyList<(DateTimeOffset, long)>>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
            Add(work, reader.GetString(0), (reader.GetInt64(1).ToTime(), reader.GetInt64(2)));
        return work;
    }

    /// <summary>By the item: <c>gpu:POOL</c> and <c>disk</c>.</summary>
    public async Task<IReadOnlyDictionary<string, PriceList>> PricesAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return (await PriceRows.ReadAsync(connection)).ToDictionary(item => item.Key, item => new PriceList(item), StringComparer.Ordinal);
    }

    /// <summary>Starts of engines that had compute, as their history tells them, each engine's in their order.</summary>
    public async IAsyncEnumerable<StateChange> StartsAsync(
        CostSight sight, DateTimeOffset from, DateTimeOffset until, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var (conditions, parameters) = Where(sight, from, until);
        var theirs = sight.IsEverything ? "" : $"AND engine_id IN (SELECT engine_id FROM usage_intervals WHERE {conditions} AND (ended_at > @from OR ended_at IS NULL))";
        await using var reader = await connection.ExecuteReaderAsync(
            // Along the index of times: in each engine's history, too, they go up.
            $"SELECT engine_id, at, state, reason_code FROM engine_events WHERE at >= @from AND at < @until {theirs} ORDER BY at, id", parameters);
        while (await reader.ReadAsync(cancellationToken))
            yield return new(new(reader.GetString(0)), reader.GetInt64(1).ToTime(), Enum.Parse<EngineState>(reader.GetString(2)), reader.GetString(3));
    }

    /// <summary>In the order in which they are preferred; those that were removed come last.</summary>
    public async Task<IReadOnlyList<PoolSize>> PoolsAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var rows = await connection.QueryAsync<PoolRow>("SELECT name, body, removed_at FROM pools ORDER BY CASE WHEN removed_at IS NULL THEN 0 ELSE 1 END, position, name");
        return [.. rows.Select(row => PoolSize.Of(row.Name, row.Body, row.Removed_At is not null))];
    }

    /// <summary>What keys are called: people by their user names, engines by their hosts. Who is gone has none.</summary>
    public async Task<IReadOnlyDictionary<string, string>> NamesAsync(CostDimension dimension, CancellationToken cancellationToken)
    {
        var sql = dimension switch
        {
            CostDimension.Person => "SELECT id, user_name AS name FROM users",
            CostDimension.Engine => "SELECT id, host AS name FROM engines UNION SELECT engine_id, host FROM kept_disks WHERE engine_id NOT IN (SELECT id FROM engines)",
            _ => null,
        };
        if (sql is null)
            return new Dictionary<string, string>();
        await using var connection = await database.OpenAsync(cancellationToken);
        return (await connection.QueryAsync<NameRow>(sql)).ToDictionary(row => row.Id, row => row.Name, StringComparer.Ordinal);
    }

    private static Task<DbDataReader> QueryAsync(
        DbConnection connection, string columns, string table, CostSight sight, DateTimeOffset from, DateTimeOffset until)
    {
        var (conditions, parameters) = Where(sight, from, until);
        // Two reads along the index of ends: what was over long ago is not looked at.
        var rows = $"SELECT {columns} FROM {table} WHERE {conditions}";
        return connection.ExecuteReaderAsync($"{rows} AND ended_at > @from UNION ALL {rows} AND ended_at IS NULL", parameters);
    }

    private static (string Conditions, DynamicParameters Parameters) Where(CostSight sight, DateTimeOffset from, DateTimeOffset until)
    {
        var parameters = new DynamicParameters(new
        {
            from = from.ToUnixTimeMilliseconds(),
            until = until.ToUnixTimeMilliseconds(),
            owner = sight.Owner?.Value,
            group = sight.Group?.Value,
        });
        var conditions = new List<string> { "started_at < @until" };
        if (sight.Owner is not null)
            conditions.Add("owner_id = @owner");
        if (sight.Group is not null)
            conditions.Add("group_id = @group");
        if (sight.Engines is { } engines)
        {
            conditions.Add(engines.Count == 0 ? "1 = 0" : $"engine_id IN ({string.Join(", ", engines.Select((_, i) => $"@engine{i}"))})");
            for (var i = 0; i < engines.Count; i++)
                parameters.Add($"engine{i}", engines[i]);
        }

        return (string.Join(" AND ", conditions), parameters);
    }

    private static void Add<T>(Dictionary<string, IReadOnlyList<T>> lists, string key, T one)
    {
        if (lists.TryGetValue(key, out var list))
            ((List<T>)list).Add(one);
        else
            lists[key] = new List<T> { one };
    }

    /// <summary>A clock that was set back makes no time that is less than none.</summary>
    private static (DateTimeOffset Start, DateTimeOffset End) Times(DbDataReader reader, int column, DateTimeOffset now)
    {
        var start = reader.GetInt64(column);
        var end = reader.IsDBNull(column + 1) ? now.ToUnixTimeMilliseconds() : reader.GetInt64(column + 1);
        return (start.ToTime(), Math.Max(start, end).ToTime());
    }

    private sealed class PoolRow
    {
        public string Name { get; set; } = "";
        public string Body { get; set; } = "";
        public long? Removed_At { get; set; }
    }

    private sealed class NameRow
    {
        public string Id { get; set; } = "";
        public string Name { get; set; } = "";
    }
}
