#if !FULL_FEED
using System.Net.Sockets;

namespace Aigc.Engines.Tracking.Redis;

/// <summary>Bytes both ways, however long nothing comes: who waits for messages is silent.</summary>
internal static class RelayPump
{
    /// <summary>For the last words of the other side, once one has ended. A silent server must not hold what the client gave up.</summary>
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(5);

    /// <summary>Ends with both ways; what broke one ends the other.</summary>
    public static async Task RunAsync(NetworkStream client, Stream server, Socket serverSocket, TimeProvider time, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var up = CopyAsync(client, server, serverSocket, either.Token);
        var down = CopyAsync(server, client, client.Socket, either.Token);
        try
        {
            var first = await Task.WhenAny(up, down);
            await first;
            await (first == up ? down : up).WaitAsync(LastWords, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            // It said no more.
        }
        finally
        {
            await either.CancelAsync();
            await Task.WhenAll(up, down).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task CopyAsync(Stream from, Stream to, Socket toSocket, CancellationToken cancellationToken)
    {
        await from.CopyToAsync(to, cancellationToken);
        toSocket.Shutdown(SocketShutdown.Send);
    }
}
#endif
