using System.Data.Common;
using System.Text.Json;
using Aigc.Engines.People;
using Dapper;

namespace Aigc.Engines.Storage;

/// <summary>Browsers' sign-ins, kept so that nobody is signed out when the session tracker is lost.</summary>
public sealed class SignInStore(Database database, TimeProvider time)
{
    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <param name="access">What the provider granted with it.</param>
    /// <returns>False: the parent has ended, and this does not begin.</returns>
    public async Task<bool> SaveAsync(SignIn signIn, ProviderAccess? access, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (signIn.Parent is { } parent && !await LockAsync(connection, transaction, parent))
            return false;
        await connection.ExecuteAsync(
            """
            INSERT INTO sign_ins (key, parent, user_id, body, expires_at) VALUES (@key, @parent, @user, @body, @expires)
            ON CONFLICT (key) DO UPDATE SET body = excluded.body, expires_at = excluded.expires_at
            """,
            new
            {
                key = signIn.Key.Value,
                parent = signIn.Parent?.Value,
                user = signIn.User.Value,
                body = JsonSerializer.Serialize(signIn),
                expires = signIn.ExpiresAt.ToUnixTimeMilliseconds(),
            },
            transaction);
        if (access is not null)
            await ProviderAccessStore.InsertAsync(connection, transaction, access);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>The sign-in, unless it is unknown, expired or revoked.</summary>
    public async Task<SignIn?> FindAsync(SignInKey key, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var body = await connection.ExecuteScalarAsync<string?>(
            "SELECT body FROM sign_ins WHERE key = @key AND expires_at > @Now", new { key = key.Value, Now });
        return body is null ? null : JsonSerializer.Deserialize<SignIn>(body);
    }

    /// <summary>Changes the sign-ins of a person that <paramref name="change"/> makes others of.</summary>
    /// <returns>Those that it did, as they are now.</returns>
    public async Task<IReadOnlyList<SignIn>> ChangeAsync(UserId user, Func<SignIn, SignIn> change, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var bodies = await connection.QueryAsync<string>(
            $"SELECT body FROM sign_ins WHERE user_id = @user AND expires_at > @Now ORDER BY key {database.ForUpdate}", new { user = user.Value, Now }, transaction);
        var changed = new List<SignIn>();
        foreach (var before in bodies.Select(body => JsonSerializer.Deserialize<SignIn>(body)!))
        {
            if (change(before) is var after && after == before)
                continue;
            after = after with { Revision = before.Revision + 1 };
            await connection.ExecuteAsync(
                "UPDATE sign_ins SET body = @body, expires_at = @expires WHERE key = @key",
                new { body = JsonSerializer.Serialize(after), expires = after.ExpiresAt.ToUnixTimeMilliseconds(), key = after.Key.Value }, transaction);
            changed.Add(after);
        }

        await transaction.CommitAsync(cancellationToken);
        return changed;
    }

    /// <summary>Ends the sign-in and its children; expired ones of anybody go with them.</summary>
    public async Task RemoveAsync(SignInKey key, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await RemoveAsync(connection, transaction, key);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Ends all browsers' sign-ins of a person.</summary>
    /// <returns>Those that had no parent.</returns>
    public async Task<IReadOnlyList<SignInKey>> RemoveAllAsync(UserId user, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var ended = await RemoveAllAsync(connection, transaction, "SELECT key FROM sign_ins WHERE user_id = @id AND parent IS NULL", user.Value);
        await transaction.CommitAsync(cancellationToken);
        return ended;
    }

    /// <summary>Ends what the provider says is over: a session of its own, or all of a person's.</summary>
    /// <param name="word">The provider's word for it, which counts once, and is remembered until it is too old to be believed.</param>
    /// <returns>The sign-ins that ended; null: this word has counted before.</returns>
    public async Task<IReadOnlyList<SignInKey>?> RemoveAtProvidersWordAsync(
        string word, DateTimeOffset until, UserId? user, string? providerSession, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync("DELETE FROM used_logout_tokens WHERE expires_at <= @Now", new { Now }, transaction);
        if (await connection.ExecuteAsync(
            "INSERT INTO used_logout_tokens (id, expires_at) VALUES (@word, @until) ON CONFLICT (id) DO NOTHING",
            new { word, until = until.ToUnixTimeMilliseconds() }, transaction) == 0)
        {
            return null;
        }

        // A session of somebody else's is nobody's to end.
        var ended = providerSession is not null
            ? await RemoveAllAsync(
                connection, transaction, "SELECT key FROM provider_access WHERE provider_session = @id AND (@user IS NULL OR user_id = @user)", providerSession, user)
            : await RemoveAllAsync(connection, transaction, "SELECT key FROM sign_ins WHERE user_id = @id AND parent IS NULL", user!.Value.Value);
        await transaction.CommitAsync(cancellationToken);
        return ended;
    }

    private async Task<IReadOnlyList<SignInKey>> RemoveAllAsync(DbConnection connection, DbTransaction transaction, string keys, string id, UserId? user = null)
    {
        var ended = (await connection.QueryAsync<string>(keys, new { id, user = user?.Value }, transaction)).Select(key => new SignInKey(key)).ToList();
        foreach (var key in ended)
            await RemoveAsync(connection, transaction, key);
        return ended;
    }

    private async Task RemoveAsync(DbConnection connection, DbTransaction transaction, SignInKey key)
    {
        await LockAsync(connection, transaction, key);
        await connection.ExecuteAsync(
            """
            DELETE FROM sign_ins WHERE key = @key OR parent = @key OR expires_at <= @Now;
            DELETE FROM provider_access WHERE key = @key OR NOT EXISTS (SELECT 1 FROM sign_ins s WHERE s.key = provider_access.key);
            """,
            new { key = key.Value, Now }, transaction);
    }

    /// <summary>A child that begins and the end of its parent wait for each other: none is left behind.</summary>
    /// <returns>Whether it is there.</returns>
    private async Task<bool> LockAsync(DbConnection connection, DbTransaction transaction, SignInKey key) =>
        await connection.ExecuteScalarAsync<string?>(
            $"SELECT key FROM sign_ins WHERE key = @key {database.ForUpdate}", new { key = key.Value }, transaction) is not null;
}
