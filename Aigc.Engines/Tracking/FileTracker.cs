using System.Runtime.CompilerServices;
using System.Text.Json;
using Aigc.Engines.Leading;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.People;
using Aigc.Engines.Storage;
using Dapper;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Aigc.Engines.Tracking;

/// <summary>The embedded session tracker: one SQLite file that the services of one machine share.</summary>
public sealed partial class FileTracker(string connectionString, TimeProvider time, ILogger<FileTracker>? logger = null) : ISessionTracker
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly ILogger _logger = logger ?? NullLogger<FileTracker>.Instance;
    private readonly SqliteFile _file = new(connectionString);
    private bool _created;

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    public Task BeginTermAsync(Term term, IReadOnlyCollection<Route> routes, CancellationToken cancellationToken) =>
        ExecuteAsync(
            """
            DELETE FROM routes;
            INSERT INTO routes (engine_id, body) SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(@all);
            DELETE FROM leases WHERE engine_id NOT IN (SELECT engine_id FROM routes);
            DELETE FROM changes WHERE kind IN ('route', 'term');
            INSERT INTO changes (kind, id) VALUES ('term', @term);
            """,
            new
            {
                all = JsonSerializer.Serialize(routes.Select(route => new[] { route.Engine.Value, JsonSerializer.Serialize(route) })),
                term = $"{term}",
            },
            cancellationToken, term);

    public Task PublishRouteAsync(Route route, Term term, CancellationToken cancellationToken) =>
        ExecuteAsync(
            """
            INSERT INTO routes (engine_id, body) VALUES (@id, @body) ON CONFLICT (engine_id) DO UPDATE SET body = excluded.body;
            INSERT INTO changes (kind, id) VALUES ('route', @id);
            """,
            new { id = route.Engine.Value, body = JsonSerializer.Serialize(route) }, cancellationToken, term);

    public Task RemoveRouteAsync(EngineId engine, Term term, CancellationToken cancellationToken) =>
        ExecuteAsync(
            """
            DELETE FROM routes WHERE engine_id = @id;
            DELETE FROM leases WHERE engine_id = @id;
            INSERT INTO changes (kind, id) VALUES ('route', @id);
            """,
            new { id = engine.Value }, cancellationToken, term);

    public async IAsyncEnumerable<TrackerChange> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            await using var changes = WatchOnceAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
            while (true)
            {
                try
                {
                    if (!await changes.MoveNextAsync())
                        break;
                }
                catch (Exception exception) when (exception is SqliteException or IOException or UnauthorizedAccessException)
                {
                    Log.WatchFailed(_logger, exception, _file.Path);
                    break;
                }

                yield return changes.Current;
            }

            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    private async IAsyncEnumerable<TrackerChange> WatchOnceAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken);
        // The version first: a commit between the two looks is then seen again, never missed.
        var version = await SqliteFile.WaitForCommitAsync(connection, -1, time, cancellationToken);
        var last = await connection.ExecuteScalarAsync<long>("SELECT COALESCE(MAX(seq), 0) FROM changes");
        yield return await ReadSnapshotAsync(connection);

        while (true)
        {
            // One look tells the newest body of each changed route; older ones of the same route are of no use to anybody.
            var rows = await connection.QueryAsync<ChangeRow>(
                """
                SELECT MAX(c.seq) AS seq, c.kind, c.id, r.body FROM changes c LEFT JOIN routes r ON c.kind = 'route' AND r.engine_id = c.id
                WHERE c.seq > @last GROUP BY c.kind, c.id ORDER BY seq
                """,
                new { last });
            foreach (var row in rows)
            {
                last = row.Seq;
                yield return row switch
                {
                    { Kind: "sign-in" } => new TrackerChange.SignInRevoked(new(row.Id)),
                    { Kind: "person" } => new TrackerChange.PersonChanged(new(row.Id)),
                    { Kind: "term" } => await ReadSnapshotAsync(connection),
                    { Body: null } => new TrackerChange.RouteRemoved(new(row.Id)),
                    _ => new TrackerChange.RouteChanged(Read<Route>(row.Body)),
                };
            }

            version = await SqliteFile.WaitForCommitAsync(connection, version, time, cancellationToken);
        }
    }

    private static async Task<TrackerChange.Snapshot> ReadSnapshotAsync(SqliteConnection connection)
    {
        var bodies = await connection.QueryAsync<string>("SELECT body FROM routes");
        var begun = await connection.ExecuteScalarAsync<bool>("SELECT EXISTS (SELECT 1 FROM changes WHERE kind = 'term')");
        return new([.. bodies.Select(Read<Route>)], begun);
    }

    public Task PutSignInAsync(SignIn signIn, CancellationToken cancellationToken) =>
        ExecuteAsync(
            """
            INSERT INTO sign_ins (key, parent, body, expires_at)
            SELECT @key, @parent, @body, @expires WHERE NOT EXISTS (SELECT 1 FROM changes WHERE kind = 'sign-in' AND id IN (@key, @parent))
            ON CONFLICT (key) DO UPDATE SET body = excluded.body, expires_at = excluded.expires_at
                WHERE COALESCE(json_extract(sign_ins.body, '$.Revision'), 0) <= json_extract(excluded.body, '$.Revision')
            """,
            new
            {
                key = signIn.Key.Value,
                parent = signIn.Parent?.Value,
                body = JsonSerializer.Serialize(signIn),
                expires = signIn.ExpiresAt.ToUnixTimeMilliseconds(),
            },
            cancellationToken);

    public async Task<SignIn?> FindSignInAsync(SignInKey key, CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken);
        var body = await connection.ExecuteScalarAsync<string?>(
            "SELECT body FROM sign_ins WHERE key = @key AND expires_at > @Now", new { key = key.Value, Now });
        return body is null ? null : Read<SignIn>(body);
    }

    public Task RevokeSignInAsync(SignInKey key, CancellationToken cancellationToken) =>
        ExecuteAsync(
            """
            DELETE FROM sign_ins WHERE key = @key OR parent = @key OR expires_at <= @Now;
            INSERT INTO changes (kind, id) VALUES ('sign-in', @key);
            """,
            new { key = key.Value, Now }, cancellationToken);

    public Task TellPersonChangedAsync(UserId user, CancellationToken cancellationToken) =>
        ExecuteAsync("INSERT INTO changes (kind, id) VALUES ('person', @id)", new { id = user.Value }, cancellationToken);

    public Task PutCodeAsync(OneTimeCode code, CancellationToken cancellationToken) =>
        ExecuteAsync(
            """
            DELETE FROM codes WHERE expires_at <= @Now;
            INSERT INTO codes (key, body, expires_at) VALUES (@key, @body, @expires);
            """,
            new { key = code.Key.Value, body = JsonSerializer.Serialize(code), expires = code.ExpiresAt.ToUnixTimeMilliseconds(), Now },
            cancellationToken);

    public async Task<OneTimeCode?> TakeCodeAsync(SignInKey key, CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken);
        var body = await connection.QuerySingleOrDefaultAsync<string?>(
            "DELETE FROM codes WHERE key = @key RETURNING CASE WHEN expires_at > @Now THEN body END", new { key = key.Value, Now });
        return body is null ? null : Read<OneTimeCode>(body);
    }

    public async Task ReportLeasesAsync(string proxy, IReadOnlyCollection<LeaseReport> reports, CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken);
        await using var transaction = connection.BeginTransaction(deferred: false);
        await connection.ExecuteAsync(
            """
            INSERT INTO leases (engine_id, proxy, open, last_activity, reported_at) VALUES (@engine, @proxy, @open, @last, @Now)
            ON CONFLICT (engine_id, proxy) DO UPDATE SET open = excluded.open, reported_at = excluded.reported_at,
                last_activity = MAX(COALESCE(excluded.last_activity, 0), COALESCE(last_activity, 0))
            """,
            reports.Select(report => new
            {
                engine = report.Engine.Value,
                proxy,
                open = report.Open,
                last = report.Quiet is { } quiet ? Now - (long)quiet.TotalMilliseconds : (long?)null,
                Now,
            }),
            transaction);
        await transaction.CommitAsync(cancellationToken);
    }

    public async Task<IReadOnlyDictionary<EngineId, EngineActivity>> GetActivityAsync(CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken);
        var rows = await connection.QueryAsync<ActivityRow>(
            """
            SELECT engine_id, SUM(CASE WHEN reported_at > @alive THEN open ELSE 0 END) AS open, MAX(last_activity) AS last
            FROM leases GROUP BY engine_id
            """,
            new { alive = Now - (long)ISessionTracker.LeaseLifetime.TotalMilliseconds });
        return rows.ToDictionary(
            row => new EngineId(row.Engine_Id),
            row => new EngineActivity((int)row.Open, row.Last is null or 0 ? null : TimeSpan.FromMilliseconds(Math.Max(0, Now - row.Last.Value))));
    }

    private async Task ExecuteAsync(string sql, object parameters, CancellationToken cancellationToken, Term? term = null)
    {
        await using var connection = await OpenAsync(cancellationToken);
        await using var transaction = connection.BeginTransaction(deferred: false);
        if (term is not null)
            await RequireAsync(connection, transaction, term.Value);
        await connection.ExecuteAsync(sql, parameters, transaction);
        await transaction.CommitAsync(cancellationToken);
    }

    private static async Task RequireAsync(SqliteConnection connection, SqliteTransaction transaction, Term term)
    {
        var taken = await connection.ExecuteAsync(
            """
            INSERT INTO leaderships (role, term) VALUES ('worker', @Number)
            ON CONFLICT (role) DO UPDATE SET term = excluded.term WHERE term <= excluded.term
            """,
            new { term.Number }, transaction);
        if (taken == 0)
            throw new NotLeadingException(term, await connection.ExecuteScalarAsync<long>("SELECT term FROM leaderships", transaction: transaction));
    }

    private async Task<SqliteConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var connection = await _file.OpenAsync(cancellationToken);
        if (!Volatile.Read(ref _created))
        {
            await connection.ExecuteAsync(Schema);
            Volatile.Write(ref _created, true);
        }

        return connection;
    }

    private static T Read<T>(string body) => JsonSerializer.Deserialize<T>(body)!;

    // Everything here can be rebuilt, so a change of this schema needs no migration: give the file a new name instead.
    private const string Schema =
        """
        CREATE TABLE IF NOT EXISTS routes (engine_id TEXT PRIMARY KEY, body TEXT NOT NULL);
        CREATE TABLE IF NOT EXISTS sign_ins (key TEXT PRIMARY KEY, parent TEXT, body TEXT NOT NULL, expires_at INTEGER NOT NULL);
        CREATE INDEX IF NOT EXISTS sign_ins_parent ON sign_ins (parent);
        CREATE TABLE IF NOT EXISTS codes (key TEXT PRIMARY KEY, body TEXT NOT NULL, expires_at INTEGER NOT NULL);
        CREATE TABLE IF NOT EXISTS leases (engine_id TEXT, proxy TEXT, open INTEGER NOT NULL, last_activity INTEGER,
            reported_at INTEGER NOT NULL, PRIMARY KEY (engine_id, proxy));
        CREATE TABLE IF NOT EXISTS leaderships (role TEXT PRIMARY KEY, term INTEGER NOT NULL);
        CREATE TABLE IF NOT EXISTS changes (seq INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, id TEXT NOT NULL);
        CREATE INDEX IF NOT EXISTS changes_by_id ON changes (id);
        DELETE FROM changes WHERE kind <> 'term' AND seq < (SELECT MAX(seq) - 10000 FROM changes);
        """;

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The session tracker's file {Path} could not be watched; again in a second")]
        public static partial void WatchFailed(ILogger logger, Exception exception, string path);
    }

    private sealed class ChangeRow
    {
        public long Seq { get; set; }
        public string Kind { get; set; } = "";
        public string Id { get; set; } = "";
        public string? Body { get; set; }
    }

    private sealed class ActivityRow
    {
        public string Engine_Id { get; set; } = "";
        public long Open { get; set; }
        public long? Last { get; set; }
    }
}
