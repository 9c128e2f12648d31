using Aigc.Engines.Gateway;
using Dapper;

namespace Aigc.Engines.Storage;

/// <summary>The signing keys that all APIs share.</summary>
public sealed class SigningKeyStore(Database database)
{
    /// <returns>Newest first.</returns>
    public async Task<IReadOnlyList<SigningKey>> ListAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var rows = await connection.QueryAsync<KeyRow>("SELECT * FROM signing_keys ORDER BY created_at DESC, id");
        return [.. rows.Select(row => new SigningKey(row.Id, row.Private_Key, row.Public_Key, row.Created_At.ToTime()))];
    }

    /// <summary>Adds a key and removes those made before <paramref name="oldest"/>; does nothing when somebody else has added one meanwhile.</summary>
    /// <param name="newest">The id of the newest key that the caller knows; null: there was none.</param>
    public async Task AddAsync(SigningKey key, string? newest, DateTimeOffset oldest, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync(database.Lock("signing_keys"), transaction: transaction);
        if (await connection.ExecuteScalarAsync<string?>("SELECT id FROM signing_keys ORDER BY created_at DESC, id LIMIT 1", transaction: transaction) != newest)
            return;
        await connection.ExecuteAsync(
            "INSERT INTO signing_keys (id, private_key, public_key, created_at) VALUES (@Id, @PrivateKey, @PublicKey, @created)",
            new { key.Id, key.PrivateKey, key.PublicKey, created = key.CreatedAt.ToUnixTimeMilliseconds() }, transaction);
        await connection.ExecuteAsync(
            "DELETE FROM signing_keys WHERE created_at < @oldest", new { oldest = oldest.ToUnixTimeMilliseconds() }, transaction);
        await transaction.CommitAsync(cancellationToken);
    }

    private sealed class KeyRow
    {
        public string Id { get; set; } = "";
        public string Private_Key { get; set; } = "";
        public string Public_Key { get; set; } = "";
        public long Created_At { get; set; }
    }
}
