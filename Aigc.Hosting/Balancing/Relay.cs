using System.Buffers;
using System.Net.Sockets;

namespace Aspire.Hosting.Balancing;

/// <summary>One connection on its way to a replica: bytes, the end of either direction, and an abort reach the other side as they are.</summary>
internal sealed class Relay : IDisposable
{
    // Large enough for what loopback carries at once, below the large object heap.
    private const int BufferSize = 16 * 1024;

    private readonly Lock _lock = new();
    private readonly Socket _client;
    private Socket? _replica;
    private bool _aborted;

    public Relay(Socket client)
    {
        _client = client;
        client.NoDelay = true;
    }

    /// <summary>Until both directions have ended, or one side aborted. Owns the socket of the replica.</summary>
    public async Task RunAsync(Socket replica)
    {
        lock (_lock)
        {
            _replica = replica;
            if (_aborted) Reset(replica);
        }

        await Task.WhenAll(PumpAsync(_client, replica), PumpAsync(replica, _client));
    }

    /// <summary>Both sides learn that this is no orderly end: they get a reset.</summary>
    public void Abort()
    {
        lock (_lock)
        {
            if (_aborted) return;
            _aborted = true;
            Reset(_client);
            if (_replica is not null) Reset(_replica);
        }
    }

    public void Dispose()
    {
        _client.Dispose();
        _replica?.Dispose();
    }

    // A buffer is held only while there is something in it: most of thousands of connections are silent.
    private async Task PumpAsync(Socket from, Socket to)
    {
        try
        {
            while (true)
            {
                await from.ReceiveAsync(Memory<byte>.Empty, SocketFlags.None);
                if (!await MoveAsync(from, to)) break;
            }

            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            Abort();
        }
    }

    /// <summary>False at the end of the stream.</summary>
    private static async ValueTask<bool> MoveAsync(Socket from, Socket to)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            int received;
            do
            {
                received = await from.ReceiveAsync(buffer.AsMemory(0, BufferSize), SocketFlags.None);
                for (var sent = 0; sent < received;) sent += await to.SendAsync(buffer.AsMemory(sent, received - sent), SocketFlags.None);
            }
            while (received == BufferSize);
            return received > 0;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static void Reset(Socket socket)
    {
        try
        {
            // Closing with a linger of zero sends a reset instead of an end.
            socket.LingerState = new LingerOption(true, 0);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It has already ended.
        }

        socket.Dispose();
    }
}
