using Aigc.Engines.Storage;
using Dapper;

namespace Aigc.Engines.Auditing;

/// <summary>The statement for a query: each part of what somebody may see is read along an index of its own, as far as the page reaches.</summary>
internal static class AuditSelect
{
    private const string NewestFirst = "ORDER BY at DESC, id DESC LIMIT @limit";

    public static (string Sql, DynamicParameters Parameters) Of(AuditQuery query)
    {
        var parameters = new DynamicParameters(new
        {
            limit = query.Limit,
            self = query.Sight.Self?.Value,
            group = query.Sight.Group?.Value,
        });
        var conditions = new List<string>();
        if (query.Sight.Engines is { } engines)
        {
            for (var i = 0; i < engines.Count; i++)
                parameters.Add($"engine{i}", engines[i]);
            conditions.Add($"target_id IN ({string.Join(", ", engines.Select((_, i) => $"@engine{i}"))})");
        }

        Add("actor_id IN (SELECT id FROM users WHERE user_name = @actor UNION SELECT @actor)", "actor", query.Actor.Storable());
        Add("action = @action", "action", query.Action.Storable());
        Add("target_id IN (SELECT id FROM engines WHERE host = @target UNION SELECT @target)", "target", query.Target.Storable());
        Add("outcome = @outcome", "outcome", query.Outcome?.ToString());
        Add("at >= @from", "from", query.From.ToMilliseconds());
        Add("at < @to", "to", query.To.ToMilliseconds());
        Add("(at, id) < (@afterAt, @afterId)", "afterAt", query.After?.At);
        parameters.Add("afterId", query.After?.Id);

        var parts = Sights(query.Sight).Select((sight, i) =>
            $"SELECT * FROM (SELECT * FROM audit WHERE {string.Join(" AND ", conditions.Prepend(sight))} {NewestFirst}) AS part{i}");
        return ($"{string.Join(" UNION ", parts)} {NewestFirst}", parameters);

        void Add(string condition, string name, object? value)
        {
            if (value is null)
                return;
            conditions.Add(condition);
            parameters.Add(name, value);
        }
    }

    private static IEnumerable<string> Sights(AuditSight sight)
    {
        if (sight.Self is null)
        {
            yield return "1 = 1";
            yield break;
        }

        yield return "actor_id = @self";
        yield return "owner_id = @self";
        if (sight.Group is not null)
            yield return "group_id = @group";
    }
}
