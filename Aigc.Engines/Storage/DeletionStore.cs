using System.Data.Common;
using Aigc.Engines.Auditing;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.People;
using Dapper;

namespace Aigc.Engines.Storage;

/// <summary>
/// Deletes people: one transaction, so that nothing is left half done. What has to follow outside of the database (compute, disks,
/// proxies that know a sign-in) is written down with it, and done by whoever reads it next.
/// </summary>
public sealed class DeletionStore(Database database, TimeProvider time)
{
    /// <summary>Their engines are deleted, disks kept for a while and for nobody; tokens, sign-ins and grants end.</summary>
    /// <param name="keepDisksFor">After that the worker removes them.</param>
    /// <returns>False when there is no such person.</returns>
    public Task<bool> DeletePersonAsync(UserId person, TimeSpan keepDisksFor, Actor actor, CancellationToken cancellationToken) =>
        DeleteAsync(keepDisksFor, deletion => deletion.DeletePersonAsync(person.Value, actor), cancellationToken);

    /// <summary>The group with all its people.</summary>
    /// <returns>False when there is no such group.</returns>
    public Task<bool> DeleteGroupAsync(GroupId group, TimeSpan keepDisksFor, Actor actor, CancellationToken cancellationToken) =>
        DeleteAsync(keepDisksFor, deletion => deletion.DeleteGroupAsync(group.Value, actor), cancellationToken);

    /// <summary>Credentials of deleted people that nobody has told the proxies of yet.</summary>
    public async Task<IReadOnlyList<SignInKey>> ListUntoldAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return [.. (await connection.QueryAsync<string>("SELECT key FROM ended_credentials ORDER BY at")).Select(key => new SignInKey(key))];
    }

    public async Task ToldAsync(SignInKey key, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await connection.ExecuteAsync("DELETE FROM ended_credentials WHERE key = @key", new { key = key.Value });
    }

    private async Task<bool> DeleteAsync(TimeSpan keepDisksFor, Func<Deletion, Task<bool>> delete, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var now = time.GetUtcNow();
        var deletion = new Deletion(
            connection, transaction, database.ForUpdate, now.ToUnixTimeMilliseconds(), (now + keepDisksFor).ToUnixTimeMilliseconds());
        if (!await delete(deletion))
            return false;
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    private sealed class Deletion(DbConnection connection, DbTransaction transaction, string forUpdate, long now, long until)
    {
        public async Task<bool> DeleteGroupAsync(string group, Actor actor)
        {
            var people = await connection.QueryAsync<string>("SELECT id FROM users WHERE group_id = @group ORDER BY id", new { group }, transaction);
            foreach (var person in people)
                await DeletePersonAsync(person, actor);
            if (await ExecuteAsync("DELETE FROM groups WHERE id = @group", new { group }) == 0)
                return false;
            await EndGrantsAsync("DELETE FROM engine_access", "subject_kind = 'Group' AND subject_id = @subject", group);
            await ExecuteAsync("DELETE FROM rules WHERE scope_kind = 'group' AND scope_id = @group", new { group });
            await AuditAsync(AuditActions.GroupDelete, new("group", group, group, Group: new(group)), null, actor);
            return true;
        }

        public async Task<bool> DeletePersonAsync(string person, Actor actor)
        {
            var row = await connection.QuerySingleOrDefaultAsync<(string UserName, string Group)?>(
                $"SELECT user_name, group_id FROM users WHERE id = @person {forUpdate}", new { person }, transaction);
            if (row is not var (userName, group))
                return false;
            await DeleteEnginesAsync(person, actor);
            await ExecuteAsync("UPDATE kept_disks SET remove_at = @until WHERE owner_id = @person AND remove_at IS NULL", new { person, until });
            await EndGrantsAsync("DELETE FROM engine_access", "subject_kind = 'Person' AND subject_id = @subject AND level = 'View'", person);
            // An administrator's accesses end, and go on being told to the owners.
            await EndGrantsAsync(
                "UPDATE engine_access SET expires_at = @now", "subject_kind = 'Person' AND subject_id = @subject AND level = 'Use' AND expires_at > @now", person);
            await ExecuteAsync(
                """
                INSERT INTO ended_credentials (key, at)
                SELECT key, @now FROM sign_ins WHERE user_id = @person UNION SELECT key, @now FROM tokens WHERE user_id = @person
                ON CONFLICT (key) DO NOTHING
                """,
                new { person, now });
            await ProviderAccessStore.EndAllAsync(connection, transaction, person, now);
            await ExecuteAsync("DELETE FROM sign_ins WHERE user_id = @person", new { person });
            await ExecuteAsync("DELETE FROM tokens WHERE user_id = @person", new { person });
            await ExecuteAsync("DELETE FROM rules WHERE scope_kind = 'person' AND scope_id = @person", new { person });
            await ExecuteAsync("DELETE FROM users WHERE id = @person", new { person });
            await AuditAsync(AuditActions.PersonDelete, new("person", person, userName, Group: new(group)), null, actor);
            return true;
        }

        private async Task DeleteEnginesAsync(string owner, Actor actor)
        {
            var rows = await connection.QueryAsync<EngineRow>($"SELECT * FROM engines WHERE owner_id = @owner ORDER BY id {forUpdate}", new { owner }, transaction);
            foreach (var engine in rows.Select(row => row.ToEngine()))
            {
                // What its owner had asked to be deleted, disk and all, is.
                await ExecuteAsync(
                    """
                    UPDATE engines SET keep_disk = CASE WHEN desired = 'Deleted' THEN keep_disk ELSE 1 END, disk_until = @until, access = NULL,
                        desired = 'Deleted', desired_code = @code, desired_detail = NULL, generation = generation + 1, row_version = row_version + 1
                    WHERE id = @id
                    """,
                    new { id = engine.Id.Value, code = Reasons.DeleteAsked, until });
                await ExecuteAsync("DELETE FROM engine_access WHERE engine_id = @id", new { id = engine.Id.Value });
                await EventLog.AppendAsync(connection, transaction, engine.Id, now, engine.State, new(Reasons.DeleteAsked), actor);
                await AuditAsync(AuditActions.EngineDelete, AuditTarget.Of(engine), $"its owner is deleted; disk until {until.ToTime():u}", actor);
            }
        }

        private async Task EndGrantsAsync(string change, string which, string subject)
        {
            var engines = await connection.QueryAsync<string>(
                $"SELECT DISTINCT engine_id FROM engine_access WHERE {which} ORDER BY engine_id", new { subject, now }, transaction);
            await ExecuteAsync($"{change} WHERE {which}", new { subject, now });
            foreach (var engine in engines)
                await GrantColumn.WriteAsync(connection, transaction, engine, now);
        }

        private Task<int> ExecuteAsync(string sql, object parameters) => connection.ExecuteAsync(sql, parameters, transaction);

        private Task AuditAsync(string action, AuditTarget target, string? detail, Actor actor) =>
            AuditLog.AppendAsync(connection, transaction, now, new(action, AuditOutcome.Done, actor, target, detail));
    }
}
