using System.Data.Common;
using Npgsql;

namespace Aigc.Engines.Storage;

/// <summary>A database server, for several machines.</summary>
public sealed class PostgresDatabase : Database
{
    /// <summary>How long one of a crowd waits for a connection; longer than a person waits for a page.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    // "term" in ASCII.
    private const long TermKey = 0x7465726D;

    private readonly NpgsqlConnectionStringBuilder _settings;
    private readonly TimeProvider _time;
    private readonly NpgsqlDataSource _pool;
    private readonly Seats _seats;
    private readonly string _alone;

    internal PostgresDatabase(NpgsqlConnectionStringBuilder settings, TimeProvider time)
    {
        (_settings, _time) = (settings, time);
        _pool = NpgsqlDataSource.Create(settings);
        _seats = new(settings.MaxPoolSize);
        // A change feed is silent for hours. Npgsql asks after 5 s, and waits 5 s for the answer: this finds out a server that
        // hangs, which TCP keep-alive can't, because the kernel answers that for a paused process.
        _alone = new NpgsqlConnectionStringBuilder(settings.ConnectionString) { Pooling = false, KeepAlive = 5 }.ConnectionString;
    }

    // Not the row's own locks: under a leader that writes all the time, share locks never let an update through, not even
    // the leader's beat. Advisory locks wait in line.
    internal override string KeepTerm => $"SELECT pg_advisory_xact_lock_shared({TermKey})";

    internal override string BeginTerm => $"SELECT pg_advisory_xact_lock({TermKey})";

    internal override string ForUpdate => "FOR UPDATE";

    // Two parts: a space of keys apart from the ones above.
    internal override string LockOwner => "SELECT pg_advisory_xact_lock(1, hashtext((SELECT owner_id FROM engines WHERE id = @id)))";

    internal override string LockGroup => "SELECT pg_advisory_xact_lock(2, hashtext(@group))";

    internal override string Lock(string tables) => $"LOCK TABLE {tables} IN SHARE ROW EXCLUSIVE MODE";

    protected override async Task<DbConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        if (!await _seats.TakeAsync(Patience, cancellationToken))
        {
            throw new DatabaseAwayException(
                $"ConnectionStrings:database: all Maximum Pool Size={_seats.Count} connections to Host={_settings.Host} stayed in use. "
                + "The server is too slow for what is asked of it, or the number is too small.",
                new TimeoutException());
        }

        DbConnection connection;
        try
        {
            connection = await OpenAsync(_pool.CreateConnection(), cancellationToken);
        }
        catch
        {
            _seats.Leave();
            throw;
        }

        _seats.LeaveWith(connection);
        return connection;
    }

    public override async Task MigrateAsync(CancellationToken cancellationToken)
    {
        await using var connection = await OpenAloneAsync(cancellationToken);
        try
        {
            await PostgresMigrations.ApplyAsync(connection, Migration.All("postgres"), cancellationToken);
        }
        catch (Exception error) when (Explain(error) is { } explained)
        {
            throw explained;
        }
    }

    public override IAsyncEnumerable<DatabaseChange> WatchAsync(CancellationToken cancellationToken) =>
        new PostgresChanges(OpenAloneAsync, Explain, _time).WatchAsync(cancellationToken);

    public override DatabaseAwayException? Explain(Exception error) =>
        error as DatabaseAwayException ?? PostgresTrouble.Explain(error, _settings);

    public override void Dispose()
    {
        _pool.Dispose();
        _seats.Dispose();
        base.Dispose();
    }

    public override async ValueTask DisposeAsync()
    {
        await _pool.DisposeAsync();
        _seats.Dispose();
        await base.DisposeAsync();
    }

    /// <summary>A connection beside the pool, for what holds it long.</summary>
    internal Task<NpgsqlConnection> OpenAloneAsync(CancellationToken cancellationToken) =>
        OpenAsync(new NpgsqlConnection(_alone), cancellationToken);

    private async Task<NpgsqlConnection> OpenAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            await connection.OpenAsync(cancellationToken);
            return connection;
        }
        catch (Exception error)
        {
            await connection.DisposeAsync();
            throw Explain(error) ?? error;
        }
    }
}
