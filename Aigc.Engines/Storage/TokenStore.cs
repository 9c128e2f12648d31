using System.Data.Common;
using Aigc.Engines.Auditing;
using Aigc.Engines.People;
using Dapper;

namespace Aigc.Engines.Storage;

/// <summary>Personal tokens, by the hash of their secret.</summary>
public sealed class TokenStore(Database database, TimeProvider time)
{
    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    public async Task SaveAsync(PersonalToken token, SignInKey key, Actor actor, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync(
            "INSERT INTO tokens (id, key, user_id, name, created_at, expires_at, scopes, engines) VALUES (@Id, @key, @user, @Name, @created, @expires, @scopes, @OnlyEngines)",
            new
            {
                token.Id,
                key = key.Value,
                user = token.User.Value,
                Name = token.Name.Storable(),
                created = token.CreatedAt.ToUnixTimeMilliseconds(),
                expires = token.ExpiresAt.ToMilliseconds(),
                scopes = string.Join(' ', token.Scopes.Names()),
                token.OnlyEngines,
            },
            transaction);
        await AuditAsync(connection, transaction, AuditActions.TokenCreate, token, actor);
        await transaction.CommitAsync(cancellationToken);
    }

    public async Task<IReadOnlyList<PersonalToken>> ListAsync(UserId user, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var rows = await connection.QueryAsync<TokenRow>($"{Select} WHERE user_id = @user ORDER BY created_at", new { user = user.Value });
        return [.. rows.Select(row => row.ToToken())];
    }

    /// <summary>The token that hashes to <paramref name="key"/>, unless it has expired; notes its use, at most once a minute.</summary>
    /// <param name="address">The client's, when it is known.</param>
    public async Task<PersonalToken?> UseAsync(SignInKey key, string? address, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<TokenRow>(
            $"{Select} WHERE key = @key AND (expires_at IS NULL OR expires_at > @Now)", new { key = key.Value, Now });
        if (row is not null && (row.Last_Used_At ?? 0) < Now - 60_000)
            await connection.ExecuteAsync("UPDATE tokens SET last_used_at = @Now, last_used_from = COALESCE(@address, last_used_from) WHERE id = @Id", new { Now, address, row.Id });
        return row?.ToToken();
    }

    /// <returns>The key of the token that ended, or null when this user has no such token.</returns>
    public async Task<SignInKey?> RemoveAsync(string id, UserId user, Actor actor, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<TokenRow>(
            "DELETE FROM tokens WHERE id = @id AND user_id = @user RETURNING *", new { id, user = user.Value }, transaction);
        if (row is null)
            return null;
        await AuditAsync(connection, transaction, AuditActions.TokenRevoke, row.ToToken(), actor);
        await transaction.CommitAsync(cancellationToken);
        return new SignInKey(row.Key);
    }

    private async Task AuditAsync(DbConnection connection, DbTransaction transaction, string action, PersonalToken token, Actor actor)
    {
        var group = await connection.ExecuteScalarAsync<string?>("SELECT group_id FROM users WHERE id = @Value", token.User, transaction);
        var target = new AuditTarget("token", token.Id, token.Name, token.User, group is null ? null : new GroupId(group));
        var detail = string.Join(' ', token.Scopes.Names()) + (token.OnlyEngines is null ? "" : $", engines {token.OnlyEngines}");
        await AuditLog.AppendAsync(connection, transaction, Now, new(action, AuditOutcome.Done, actor, target, detail));
    }

    private const string Select = "SELECT id, user_id, name, created_at, expires_at, last_used_at, scopes, engines, last_used_from FROM tokens";

    private sealed class TokenRow
    {
        public string Id { get; set; } = "";
        public string Key { get; set; } = "";
        public string User_Id { get; set; } = "";
        public string Name { get; set; } = "";
        public long Created_At { get; set; }
        public long? Expires_At { get; set; }
        public long? Last_Used_At { get; set; }
        public string Scopes { get; set; } = "";
        public string? Engines { get; set; }
        public string? Last_Used_From { get; set; }

        public PersonalToken ToToken() =>
            new(
                Id, new(User_Id), Name, Created_At.ToTime(), Expires_At.ToTime(), Last_Used_At.ToTime(),
                // What a newer version granted besides is not known here, and so not given.
                ScopeNames.Read(Scopes.Split(' ')) ?? People.Scopes.None, Engines, Last_Used_From);
    }
}
