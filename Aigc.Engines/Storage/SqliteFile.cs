using Microsoft.Data.Sqlite;

namespace Aigc.Engines.Storage;

/// <summary>One SQLite file, shared by several processes: write-ahead log, waits for its turn instead of failing.</summary>
public sealed class SqliteFile
{
    private readonly string _connectionString;

    static SqliteFile() => SQLitePCL.Batteries_V2.Init();

    /// <param name="connectionString">Such as <c>Data Source=/var/lib/aigc/database.db</c>.</param>
    public SqliteFile(string connectionString)
    {
        var parsed = new SqliteConnectionStringBuilder(connectionString) { Mode = SqliteOpenMode.ReadWriteCreate, Pooling = true };
        Path = System.IO.Path.GetFullPath(parsed.DataSource);
        parsed.DataSource = Path;
        _connectionString = parsed.ToString();
    }

    public string Path { get; }

    public static bool IsConnectionString(string text) =>
        text.StartsWith("Data Source=", StringComparison.OrdinalIgnoreCase);

    public async Task<SqliteConnection> OpenAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        var connection = new SqliteConnection(_connectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            using var pragma = connection.CreateCommand();
            // NORMAL survives a killed process; only a power cut may lose the last commits, never the file.
            pragma.CommandText = "PRAGMA busy_timeout = 30000; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;";
            await pragma.ExecuteNonQueryAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends when another connection, of whatever process, has committed since the last call; 10 µs a look.</summary>
    public static async Task<long> WaitForCommitAsync(
        SqliteConnection connection, long lastVersion, TimeProvider time, CancellationToken cancellationToken)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA data_version";
        while (true)
        {
            var version = (long)command.ExecuteScalar()!;
            if (version != lastVersion)
                return version;
            await Task.Delay(LookInterval, time, cancellationToken);
        }
    }

    /// <summary>The latency of embedded change feeds: short against a person's patience, long against 10 µs.</summary>
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(20);
}
