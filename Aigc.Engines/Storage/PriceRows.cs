using System.Data.Common;
using Aigc.Engines.Metering;
using Dapper;

namespace Aigc.Engines.Storage;

/// <summary>The one reader of prices.</summary>
internal static class PriceRows
{
    private const string Pools = "gpu:";

    /// <summary>What a pool's prices are kept under.</summary>
    public static string ItemOf(string pool) => Pools + pool;

    /// <summary>All that there are and were, by the item, the oldest first.</summary>
    public static async Task<ILookup<string, Price>> ReadAsync(DbConnection connection, DbTransaction? transaction = null, string? item = null)
    {
        var rows = await connection.QueryAsync<(string Item, long From, long Micros)>(
            $"SELECT item, valid_from, micros FROM prices {(item is null ? "" : "WHERE item = @item")} ORDER BY item, valid_from", new { item }, transaction);
        return rows.ToLookup(row => row.Item, row => new Price(row.From.ToTime(), row.Micros), StringComparer.Ordinal);
    }

    /// <summary>Those of pools, by their names.</summary>
    public static async Task<Dictionary<string, PriceList>> OfPoolsAsync(DbConnection connection, DbTransaction? transaction = null) =>
        (await ReadAsync(connection, transaction)).Where(item => item.Key.StartsWith(Pools, StringComparison.Ordinal))
            .ToDictionary(item => item.Key[Pools.Length..], item => new PriceList(item), StringComparer.Ordinal);
}
