using System.Data.Common;
using Aigc.Engines.People;
using Dapper;

namespace Aigc.Engines.Storage;

/// <summary>
/// What the provider granted with sign-ins. Tokens are renewed by one at a time: who takes a row has it until the claim is
/// given back or runs out. One that ran out leaves a doubt, as its holder may have asked the provider.
/// </summary>
public sealed class ProviderAccessStore(Database database, TimeProvider time)
{
    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    public async Task<ProviderAccess?> FindAsync(SignInKey key, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<Row>($"SELECT {Columns} FROM provider_access WHERE key = @key", new { key = key.Value });
        return row?.ToAccess();
    }

    /// <summary>A person's browsers that are signed in, the newest first.</summary>
    public async Task<IReadOnlyList<ProviderAccess>> ListAsync(UserId user, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var rows = await connection.QueryAsync<Row>(
            $"""
            SELECT {Columns} FROM provider_access a WHERE user_id = @user
                AND EXISTS (SELECT 1 FROM sign_ins s WHERE s.key = a.key AND s.expires_at > @Now) ORDER BY began_at DESC
            """,
            new { user = user.Value, Now });
        return [.. rows.Select(row => row.ToAccess())];
    }

    /// <summary>Takes one whose tokens are due.</summary>
    /// <param name="claim">Whose it is then, and until when.</param>
    public async Task<ProviderAccess?> TakeDueAsync(string claim, TimeSpan lasts, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        // The condition twice: on Postgres somebody else may have taken the row between the look and the write.
        const string due = "renew_at <= @Now AND (claim IS NULL OR claim_ends_at <= @Now)";
        var row = await connection.QuerySingleOrDefaultAsync<Row>(
            $"""
            UPDATE provider_access SET in_doubt = CASE WHEN claim IS NULL THEN in_doubt ELSE 1 END, claim = @claim, claim_ends_at = @ends
            WHERE key = (SELECT key FROM provider_access WHERE {due} ORDER BY renew_at, key LIMIT 1) AND {due} RETURNING {Columns}
            """,
            new { claim, Now, ends = Now + (long)lasts.TotalMilliseconds });
        return row?.ToAccess();
    }

    /// <summary>Notes new tokens, and gives the claim back.</summary>
    /// <returns>False when the sign-in has ended meanwhile, or somebody else brought new tokens.</returns>
    public async Task<bool> RenewAsync(ProviderAccess renewed, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.ExecuteAsync(
            """
            UPDATE provider_access SET provider_session = @ProviderSession, id_token = @IdToken, refresh_token = @RefreshToken, renew_at = @renew,
                version = version + 1, failures = 0, in_doubt = 0, claim = NULL, claim_ends_at = NULL
            WHERE key = @key AND version = @Version
            """,
            new
            {
                renewed.ProviderSession,
                renewed.IdToken,
                renewed.RefreshToken,
                renew = renewed.RenewAt.ToMilliseconds(),
                key = renewed.Key.Value,
                renewed.Version,
            }) == 1;
    }

    /// <summary>Gives the claim back without new tokens. Who lost the claim has nothing to give back.</summary>
    /// <param name="again">When to try again; null: never, as the refresh token is of no use any more.</param>
    public async Task PostponeAsync(ProviderAccess access, string claim, DateTimeOffset? again, bool inDoubt, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await connection.ExecuteAsync(
            """
            UPDATE provider_access SET renew_at = @again, refresh_token = CASE WHEN @again IS NULL THEN NULL ELSE refresh_token END,
                failures = failures + 1, in_doubt = @doubt, claim = NULL, claim_ends_at = NULL
            WHERE key = @key AND version = @Version AND claim = @claim
            """,
            new { again = again.ToMilliseconds(), doubt = inDoubt ? 1L : 0L, key = access.Key.Value, access.Version, claim });
    }

    internal static Task InsertAsync(DbConnection connection, DbTransaction transaction, ProviderAccess access) =>
        connection.ExecuteAsync(
            """
            INSERT INTO provider_access (key, id, user_id, began_at, address, browser, provider_session, id_token, refresh_token, renew_at)
            VALUES (@key, @Id, @user, @began, @Address, @browser, @ProviderSession, @IdToken, @RefreshToken, @renew)
            """,
            new
            {
                key = access.Key.Value,
                access.Id,
                user = access.User.Value,
                began = access.BeganAt.ToUnixTimeMilliseconds(),
                access.Address,
                browser = access.Browser.Storable(),
                access.ProviderSession,
                access.IdToken,
                access.RefreshToken,
                renew = access.RenewAt.ToMilliseconds(),
            },
            transaction);

    private const string Columns =
        "key, id, user_id, began_at, address, browser, provider_session, id_token, refresh_token, renew_at, version, failures, in_doubt";

    private sealed class Row
    {
        public string Key { get; set; } = "";
        public string Id { get; set; } = "";
        public string User_Id { get; set; } = "";
        public long Began_At { get; set; }
        public string? Address { get; set; }
        public string? Browser { get; set; }
        public string? Provider_Session { get; set; }
        public string? Id_Token { get; set; }
        public string? Refresh_Token { get; set; }
        public long? Renew_At { get; set; }
        public long Version { get; set; }
        public long Failures { get; set; }
        public long In_Doubt { get; set; }

        public ProviderAccess ToAccess() => new()
        {
            Key = new(Key),
            Id = Id,
            User = new(User_Id),
            BeganAt = Began_At.ToTime(),
            Address = Address,
            Browser = Browser,
            ProviderSession = Provider_Session,
            IdToken = Id_Token,
            RefreshToken = Refresh_Token,
            RenewAt = Renew_At.ToTime(),
            Version = Version,
            Failures = (int)Failures,
            InDoubt = In_Doubt != 0,
        };
    }
}
