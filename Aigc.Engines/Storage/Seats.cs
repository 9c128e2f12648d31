using System.Data;
using System.Data.Common;

namespace Aigc.Engines.Storage;

/// <summary>
/// As many as the pool has connections. A crowd waits here, in order: the pool itself would turn it away after the time
/// that is meant for reaching the server.
/// </summary>
internal sealed class Seats(int count) : IDisposable
{
    private readonly SemaphoreSlim _free = new(count);

    public int Count => count;

    public Task<bool> TakeAsync(TimeSpan patience, CancellationToken cancellationToken) => _free.WaitAsync(patience, cancellationToken);

    public void Leave() => _free.Release();

    /// <summary>The seat is free again when the connection is closed, or has broken: whichever is first.</summary>
    public void LeaveWith(DbConnection connection)
    {
        var left = 0;
        connection.StateChange += (_, change) =>
        {
            if (change.CurrentState is ConnectionState.Closed or ConnectionState.Broken)
                LeaveOnce();
        };
        connection.Disposed += (_, _) => LeaveOnce();

        void LeaveOnce()
        {
            if (Interlocked.Exchange(ref left, 1) == 0)
                Leave();
        }
    }

    public void Dispose() => _free.Dispose();
}
