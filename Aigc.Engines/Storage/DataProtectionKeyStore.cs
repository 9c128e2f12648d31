using Dapper;

namespace Aigc.Engines.Storage;

/// <summary>The keys that all APIs protect their cookies and forms with, as the XML that ASP.NET writes.</summary>
public sealed class DataProtectionKeyStore(Database database, TimeProvider time)
{
    public async Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return [.. await connection.QueryAsync<string>("SELECT xml FROM data_protection_keys ORDER BY created_at, name")];
    }

    /// <summary>Keeps a key. One that is there under this name stays as it is: keys are not changed.</summary>
    public async Task AddAsync(string name, string xml, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await connection.ExecuteAsync(
            "INSERT INTO data_protection_keys (name, xml, created_at) VALUES (@name, @xml, @now) ON CONFLICT (name) DO NOTHING",
            new { name, xml, now = time.GetUtcNow().ToUnixTimeMilliseconds() });
    }
}
