using Aigc.Engines.Storage;
using Aigc.Testing;
using Dapper;

namespace Aigc.Engines.Tests.Storage;

/// <summary>Makes empty databases of one kind; the same contracts hold on each.</summary>
public abstract class DatabaseMaker : IDisposable
{
    public abstract string Dialect { get; }

    public abstract Task<string> NewAsync();

    /// <summary>What the migrations keep count of.</summary>
    public abstract string SetVersion(int version);

    public abstract void Dispose();

    /// <summary>A database as the first release made it.</summary>
    public async Task MakeFirstSchemaAsync(Database database)
    {
        await using var connection = await database.OpenAsync(CancellationToken.None);
        await connection.ExecuteAsync(Migration.All(Dialect)[0].Sql);
        await connection.ExecuteAsync(SetVersion(1));
    }
}

public sealed class SqliteMaker : DatabaseMaker
{
    private readonly TemporaryFolder _folder = new();
    private int _count;

    public override string Dialect => "sqlite";

    public override Task<string> NewAsync() => Task.FromResult(_folder.ConnectionString($"database{_count++}"));

    public override string SetVersion(int version) => $"PRAGMA user_version = {version}";

    public override void Dispose() => _folder.Dispose();
}

public sealed class PostgresMaker : DatabaseMaker
{
    public override string Dialect => "postgres";

    public override async Task<string> NewAsync() => await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();

    public override string SetVersion(int version) =>
        $"CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL); DELETE FROM schema_version; INSERT INTO schema_version VALUES ({version})";

    public override void Dispose()
    {
        // The server goes with the test host, and all databases with it.
    }
}
