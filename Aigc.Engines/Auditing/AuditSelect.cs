using Aigc.Engines.Storage;
using Dapper;

namespace Aigc.Engines.Auditing;

/// <summary>The statement for a query: each part of what somebody may see is read along an index of its own, as far as the page reaches.</summary>
internal static class AuditSelect
{
    private const string NewestFirst = "ORDER BY at DESC, id DESC LIMIT @limit";
    private const string NotTheirDoing = "COALESCE(actor_id, '') <> @self";

    /// <param name="actors">The ids that the query's actor can mean.</param>
    /// <param name="targets">The ids that its target can mean.</param>
    public static (string Sql, DynamicParameters Parameters) Of(AuditQuery query, IReadOnlyList<string>? actors, IReadOnlyList<string>? targets)
    {
        var parameters = new DynamicParameters(new
        {
            limit = query.Limit,
            self = query.Sight.Self?.Value,
            group = query.Sight.Group?.Value,
        });
        var conditions = new List<string>();
        AddAny("target_id", "engine", query.Sight.Engines);
        AddAny("actor_id", "actor", actors);
        AddAny("target_id", "target", targets);
        Add("action = @action", "action", query.Action.Storable());
        Add("outcome = @outcome", "outcome", query.Outcome?.ToString());
        Add("at >= @from", "from", query.From.ToMilliseconds());
        Add("at < @to", "to", query.To.ToMilliseconds());
        Add("(at, id) < (@afterAt, @afterId)", "afterAt", query.After?.At);
        parameters.Add("afterId", query.After?.Id);

        var parts = Sights(query.Sight)
            .Select(sight => $"SELECT * FROM audit WHERE {string.Join(" AND ", conditions.Prepend(sight))} {NewestFirst}")
            .ToList();
        var all = parts.Select((part, i) => $"SELECT * FROM ({part}) AS part{i}");
        return (parts.Count == 1 ? parts[0] : $"{string.Join(" UNION ALL ", all)} {NewestFirst}", parameters);

        void Add(string condition, string name, object? value)
        {
            if (value is null)
                return;
            conditions.Add(condition);
            parameters.Add(name, value);
        }

        void AddAny(string column, string name, IReadOnlyList<string>? ids)
        {
            if (ids is null)
                return;
            conditions.Add($"{column} IN ({string.Join(", ", ids.Select((_, i) => $"@{name}{i}"))})");
            for (var i = 0; i < ids.Count; i++)
                parameters.Add($"{name}{i}", ids[i]);
        }
    }

    // No entry is in two of them.
    private static IEnumerable<string> Sights(AuditSight sight)
    {
        if (sight.Self is null)
        {
            yield return "1 = 1";
            yield break;
        }

        yield return "actor_id = @self";
        yield return $"owner_id = @self AND {NotTheirDoing}";
        if (sight.Group is not null)
            yield return $"group_id = @group AND COALESCE(owner_id, '') <> @self AND {NotTheirDoing}";
    }
}
