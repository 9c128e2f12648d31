using System.Text.Json;
using Aigc.Engines.People;
using Dapper;

namespace Aigc.Engines.Storage;

/// <summary>Browsers' sign-ins, kept so that nobody is signed out when the session tracker is lost.</summary>
public sealed class SignInStore(Database database, TimeProvider time)
{
    public async Task SaveAsync(SignIn signIn, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
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
            });
    }

    /// <summary>The sign-in, unless it is unknown, expired or revoked.</summary>
    public async Task<SignIn?> FindAsync(SignInKey key, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var body = await connection.ExecuteScalarAsync<string?>(
            "SELECT body FROM sign_ins WHERE key = @key AND expires_at > @now",
            new { key = key.Value, now = time.GetUtcNow().ToUnixTimeMilliseconds() });
        return body is null ? null : JsonSerializer.Deserialize<SignIn>(body);
    }

    /// <summary>Ends the sign-in and its children; expired ones of anybody go with them.</summary>
    public async Task RemoveAsync(SignInKey key, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await connection.ExecuteAsync(
            "DELETE FROM sign_ins WHERE key = @key OR parent = @key OR expires_at <= @now",
            new { key = key.Value, now = time.GetUtcNow().ToUnixTimeMilliseconds() });
    }
}
