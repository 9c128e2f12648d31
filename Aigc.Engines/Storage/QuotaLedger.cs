using System.Data.Common;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.Metering;
using Aigc.Engines.People;
using Aigc.Engines.Policies;
using Aigc.Engines.Quotas;
using Dapper;

namespace Aigc.Engines.Storage;

/// <summary>What one person and one group use, and what they may.</summary>
internal sealed class QuotaLedger(DbConnection connection, DbTransaction? transaction, UserId person, GroupId group, TimeZoneInfo zone)
{
    public async Task<IReadOnlyList<QuotaLimit>> LimitsAsync(Func<QuotaLimit, bool> which)
    {
        var rules = await connection.QueryAsync<(string Scope, string Id, string Body)>(
            """
            SELECT scope_kind, scope_id, body FROM rules WHERE kind = 'quota' AND (scope_kind = 'everyone'
                OR (scope_kind = 'group' AND scope_id = @group) OR (scope_kind = 'person' AND scope_id = @person))
            """,
            new { group = group.Value, person = person.Value }, transaction);
        return [.. QuotaRules.Of(rules.Select(rule => new Rule(RuleKind.Quota, Enum.Parse<RuleScope>(rule.Scope, ignoreCase: true), rule.Id, rule.Body)))
            .Limits.Where(which).OrderBy(limit => limit.Limit)];
    }

    /// <param name="except">An engine that is not counted.</param>
    public async Task<long> UsedAsync(QuotaLimit limit, EngineId? except, IReadOnlyDictionary<string, PriceList> prices, DateTimeOffset now)
    {
        var (column, id) = limit.Scope == RuleScope.Group ? ("group_id", group.Value) : ("owner_id", person.Value);
        if (limit.Item is QuotaItem.GpuHours or QuotaItem.Money)
        {
            var use = MonthUse.Of(await ThisMonthAsync(column, id, now), prices, MonthUse.MonthAt(now, zone), zone);
            return limit.Item == QuotaItem.Money ? use.Micros : use.MilliGpuHours;
        }

        var (sum, where) = limit.Item switch
        {
            QuotaItem.Awake => ("COUNT(*)", "desired = 'Awake' AND NOT (state = 'Failed' AND observed_generation = generation)"),
            QuotaItem.Gpus => ("SUM(milli_gpus)", "pool_units > 0"),
            // Where a unit is a whole card, no memory is shared.
            _ => ("SUM(pool_units)", "pool_units > 0 AND milli_gpus > 0 AND milli_gpus <> pool_units * 1000"),
        };
        return await connection.ExecuteScalarAsync<long>(
            $"SELECT CAST(COALESCE({sum}, 0) AS BIGINT) FROM engines WHERE {column} = @id AND id <> @except AND {where}",
            new { id, except = except?.Value ?? "" }, transaction);
    }

    private async Task<IEnumerable<ComputeUse>> ThisMonthAsync(string column, string id, DateTimeOffset now)
    {
        var from = Days.BeginOf(MonthUse.MonthAt(now, zone), zone);
        var rows = await connection.QueryAsync<UseRow>(
            $"SELECT * FROM usage_intervals WHERE {column} = @id AND milli_gpus > 0 AND (ended_at IS NULL OR ended_at > @from)",
            new { id, from = from.ToUnixTimeMilliseconds() }, transaction);
        return rows.Select(row => row.ToUse(now));
    }

    private sealed class UseRow
    {
        public string Runtime_Uid { get; set; } = "";
        public string Engine_Id { get; set; } = "";
        public string Owner_Id { get; set; } = "";
        public string Group_Id { get; set; } = "";
        public string Template { get; set; } = "";
        public string Template_Version { get; set; } = "";
        public string Pool { get; set; } = "";
        public long Milli_Gpus { get; set; }
        public long Started_At { get; set; }
        public long? Ended_At { get; set; }

        public ComputeUse ToUse(DateTimeOffset now) => new(
            Runtime_Uid, new(Engine_Id), new(Owner_Id), new(Group_Id), Template, Template_Version, Pool, Milli_Gpus, Started_At.ToTime(),
            Ended_At.ToTime() ?? (now > Started_At.ToTime() ? now : Started_At.ToTime()));
    }
}
