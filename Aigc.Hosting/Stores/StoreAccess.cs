using System.Net;
using System.Net.Sockets;

namespace Aspire.Hosting.Stores;

/// <summary>How clients reach a server, and the smallest question that shows it would serve them.</summary>
internal abstract class StoreAccess
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public abstract string ConnectionString(int port);

    /// <summary>The connection string without its password, which people give in another way.</summary>
    public abstract string Address(int port);

    public async Task<bool> AnswersAsync(int port, CancellationToken cancellationToken)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(Patience);
        try
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(IPAddress.Loopback, port, bound.Token);
            await using var stream = new NetworkStream(socket);
            return await AsksAsync(stream, bound.Token);
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
        {
            return false;
        }
    }

    protected abstract Task<bool> AsksAsync(Stream stream, CancellationToken cancellationToken);
}
