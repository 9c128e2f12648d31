using System.Data.Common;
using System.Runtime.CompilerServices;
using Aigc.Engines.Telemetry;

namespace Aigc.Engines.Storage;

/// <summary>The truth for what is desired, and the record of what was. The connection string says which database it is.</summary>
public abstract class Database
{
    /// <summary>One connection for one operation of a store. How long it was open is measured, under the name of the caller.</summary>
    public async Task<DbConnection> OpenAsync(
        CancellationToken cancellationToken, [CallerMemberName] string operation = "", [CallerFilePath] string store = "")
    {
        var began = StoreMetrics.Begin();
        var connection = await ConnectAsync(cancellationToken);
        StoreMetrics.EndWhenClosed(connection, began, store, operation);
        return connection;
    }

    protected abstract Task<DbConnection> ConnectAsync(CancellationToken cancellationToken);

    /// <summary>Brings the schema up to date, once, under a lock; refuses a schema newer than the program.</summary>
    public abstract Task MigrateAsync(CancellationToken cancellationToken);

    /// <summary>Begins with a <see cref="DatabaseChange.Resync"/>, and yields one again whenever something may have been missed.</summary>
    public abstract IAsyncEnumerable<DatabaseChange> WatchAsync(CancellationToken cancellationToken);

    /// <summary>Ends a SELECT whose rows nobody may change until the transaction ends.</summary>
    internal abstract string ForShare { get; }

    public static Database FromConnectionString(string connectionString, TimeProvider time) =>
        SqliteFile.IsConnectionString(connectionString)
            ? new SqliteDatabase(connectionString, time)
            : throw new NotSupportedException(
                "ConnectionStrings:database must begin with 'Data Source=' and name a file; other databases are not supported by this version.");
}

public enum ChangeKind
{
    Engine,
    Template,
}

/// <summary>What a watcher of the database is told: read it again.</summary>
public abstract record DatabaseChange
{
    /// <summary>Anything may have changed.</summary>
    public sealed record Resync : DatabaseChange;

    public sealed record Changed(ChangeKind Kind, string Id) : DatabaseChange;
}
