using System.Data.Common;
using Aigc.Engines.Auditing;
using Aigc.Engines.People;
using Aigc.Engines.Policies;
using Dapper;

namespace Aigc.Engines.Storage;

/// <summary>What administrators have laid down for everyone, groups and people.</summary>
public sealed class RuleStore(Database database, TimeProvider time)
{
    /// <summary>All of a kind: everyone's first, then groups, then people.</summary>
    public async Task<IReadOnlyList<Rule>> ListAsync(RuleKind kind, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var rows = await connection.QueryAsync<RuleRow>(
            "SELECT kind, scope_kind, scope_id, body FROM rules WHERE kind = @kind ORDER BY scope_kind, scope_id", new { kind = Rule.Name(kind) });
        return [.. rows.Select(row => row.ToRule())];
    }

    public async Task<Rule?> FindAsync(RuleKind kind, RuleScope scope, string id, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<RuleRow>(
            $"SELECT kind, scope_kind, scope_id, body FROM rules {Where}", Key(kind, scope, id));
        return row?.ToRule();
    }

    public async Task SaveAsync(Rule rule, Actor actor, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var row = Key(rule.Kind, rule.Scope, rule.Id);
        row.Add("body", rule.Body.Storable());
        await connection.ExecuteAsync(
            """
            INSERT INTO rules (kind, scope_kind, scope_id, body) VALUES (@kind, @scope, @id, @body)
            ON CONFLICT (kind, scope_kind, scope_id) DO UPDATE SET body = excluded.body
            """,
            row, transaction);
        await AuditAsync(connection, transaction, AuditActions.RuleSave, rule, rule.Body, actor);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <returns>False when there was none.</returns>
    public async Task<bool> RemoveAsync(RuleKind kind, RuleScope scope, string id, Actor actor, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (await connection.ExecuteAsync($"DELETE FROM rules {Where}", Key(kind, scope, id), transaction) == 0)
            return false;
        await AuditAsync(connection, transaction, AuditActions.RuleRemove, new(kind, scope, id, ""), null, actor);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    private const string Where = "WHERE kind = @kind AND scope_kind = @scope AND scope_id = @id";

    private static DynamicParameters Key(RuleKind kind, RuleScope scope, string id)
    {
        var key = new DynamicParameters();
        key.Add("kind", Rule.Name(kind));
        key.Add("scope", Rule.Name(scope));
        key.Add("id", id.Storable());
        return key;
    }

    private Task AuditAsync(DbConnection connection, DbTransaction transaction, string action, Rule rule, string? detail, Actor actor)
    {
        var target = new AuditTarget(
            "rule", rule.Path, null, rule.Scope == RuleScope.Person ? new UserId(rule.Id) : null, rule.Scope == RuleScope.Group ? new GroupId(rule.Id) : null);
        return AuditLog.AppendAsync(
            connection, transaction, time.GetUtcNow().ToUnixTimeMilliseconds(), new(action, AuditOutcome.Done, actor, target, detail));
    }

    private sealed class RuleRow
    {
        public string Kind { get; set; } = "";
        public string Scope_Kind { get; set; } = "";
        public string Scope_Id { get; set; } = "";
        public string Body { get; set; } = "";

        public Rule ToRule() => new(Enum.Parse<RuleKind>(Kind, ignoreCase: true), Enum.Parse<RuleScope>(Scope_Kind, ignoreCase: true), Scope_Id, Body);
    }
}
