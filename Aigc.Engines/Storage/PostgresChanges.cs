using System.Runtime.CompilerServices;
using Dapper;
using Npgsql;

namespace Aigc.Engines.Storage;

/// <summary>What the triggers notify, over a connection of its own. Once that is lost it throws: whoever begins again gets a resync.</summary>
internal sealed class PostgresChanges(
    Func<CancellationToken, Task<NpgsqlConnection>> open, Func<Exception, DatabaseAwayException?> explain, TimeProvider time)
{
    /// <summary>What no notification told is found after this long.</summary>
    private static readonly TimeSpan ResyncInterval = TimeSpan.FromMinutes(1);

    public async IAsyncEnumerable<DatabaseChange> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Filled while the connection reads, and read in between: never both at once.
        var heard = new Queue<DatabaseChange>();
        await using var connection = await open(cancellationToken);
        connection.Notification += (_, notification) => heard.Enqueue(Read(notification.Payload));
        await connection.ExecuteAsync("LISTEN aigc_changes");

        heard.Enqueue(new DatabaseChange.Resync());
        var resynced = time.GetTimestamp();
        while (true)
        {
            while (heard.TryDequeue(out var change))
                yield return change;
            var left = ResyncInterval - time.GetElapsedTime(resynced);
            // Less than a millisecond would mean no limit.
            if (left >= TimeSpan.FromMilliseconds(1))
            {
                await WaitAsync(connection, left, cancellationToken);
                continue;
            }

            resynced = time.GetTimestamp();
            yield return new DatabaseChange.Resync();
        }
    }

    private async Task WaitAsync(NpgsqlConnection connection, TimeSpan limit, CancellationToken cancellationToken)
    {
        try
        {
            await connection.WaitAsync(limit, cancellationToken);
        }
        catch (Exception error) when (explain(error) is { } explained)
        {
            throw explained;
        }
    }

    private static DatabaseChange Read(string payload) => payload.Split(' ', 2) switch
    {
        [var kind, var id] => DatabaseChange.Of(kind, id),
        _ => new DatabaseChange.Resync(),
    };
}
