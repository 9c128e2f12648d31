using System.Data.Common;
using System.Runtime.CompilerServices;
using Aigc.Engines.Telemetry;

namespace Aigc.Engines.Storage;

/// <summary>The truth for what is desired, and the record of what was. The connection string says which database it is.</summary>
public abstract class Database : IDisposable, IAsyncDisposable
{
    /// <summary>One connection for one operation of a store. How long it was open is measured, under the name of the caller.</summary>
    /// <exception cref="DatabaseAwayException">It can't be reached or doesn't let us in; says why, and the remedy.</exception>
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
    /// <exception cref="DatabaseAwayException">It can't be reached or doesn't let us in; says why, and the remedy.</exception>
    public abstract Task MigrateAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Begins with a <see cref="DatabaseChange.Resync"/>, and yields one again whenever something may have been missed.
    /// Ends with an exception when the connection is lost: begin again.
    /// </summary>
    public abstract IAsyncEnumerable<DatabaseChange> WatchAsync(CancellationToken cancellationToken);

    /// <summary>A statement of many transactions at once: until they end, no new term begins.</summary>
    internal abstract string KeepTerm { get; }

    /// <summary>A statement of a transaction that begins a term: waits for those that keep it, and is not overtaken by new ones.</summary>
    internal abstract string BeginTerm { get; }

    /// <summary>Ends a SELECT whose rows this transaction goes on to change, so that what it read is what it changes.</summary>
    internal abstract string ForUpdate { get; }

    /// <summary>A statement that waits for the other transactions which have said the same of the engine @id's owner, until this one ends.</summary>
    internal abstract string LockOwner { get; }

    /// <summary>The same for @group, which comes after any owner's.</summary>
    internal abstract string LockGroup { get; }

    /// <summary>A statement that keeps all other writers off these tables until the transaction ends. Readers go on.</summary>
    internal abstract string Lock(string tables);

    /// <param name="connectionString"><c>Data Source=file</c> is SQLite, <c>Host=server;Database=name</c> is Postgres.</param>
    /// <exception cref="ArgumentException">It is neither, or a part of it is wrong; names the part.</exception>
    public static Database FromConnectionString(string connectionString, TimeProvider time) =>
        SqliteFile.IsConnectionString(connectionString) ? new SqliteDatabase(connectionString, time)
        : PostgresConnectionString.Is(connectionString) ? new PostgresDatabase(PostgresConnectionString.Parse(connectionString), time)
        : throw new ArgumentException(
            "ConnectionStrings:database must be 'Data Source=FILE' (SQLite, one machine) or "
            + "'Host=SERVER;Port=5432;Database=NAME;Username=USER;Password=…' (Postgres)."
            + (connectionString.Contains("://", StringComparison.Ordinal) ? " An address with '://' is not understood: write its parts as above." : ""));

    /// <summary>For an error of a statement that is the server's or the way to it: why, and the remedy. Null for others.</summary>
    public virtual DatabaseAwayException? Explain(Exception error) => error as DatabaseAwayException;

    public virtual void Dispose() => GC.SuppressFinalize(this);

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}

/// <summary>Named by the triggers in lower case.</summary>
public enum ChangeKind
{
    Engine,
    Template,

    /// <summary>Of <c>rules</c>; the id is the kind.</summary>
    Rule,

    /// <summary>Of <c>pools</c>.</summary>
    Pool,
}

/// <summary>What a watcher of the database is told: read it again.</summary>
public abstract record DatabaseChange
{
    /// <summary>Anything may have changed.</summary>
    public sealed record Resync : DatabaseChange;

    public sealed record Changed(ChangeKind Kind, string Id) : DatabaseChange;

    /// <summary>What a trigger tells; of one that only a newer program knows, that anything may have changed.</summary>
    internal static DatabaseChange Of(string kind, string id) =>
        Enum.TryParse<ChangeKind>(kind, ignoreCase: true, out var known) ? new Changed(known, id) : new Resync();
}
