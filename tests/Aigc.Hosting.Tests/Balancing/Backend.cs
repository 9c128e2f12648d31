using System.Net;
using System.Net.Sockets;

namespace Aigc.Hosting.Tests.Balancing;

/// <summary>A replica made of a bare socket: a test holds the other end of each connection.</summary>
internal sealed class Backend : IDisposable
{
    private readonly Socket _listener;

    public Backend(int port = 0)
    {
        _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        _listener.Listen(1024);
    }

    public IPEndPoint Address => (IPEndPoint)_listener.LocalEndPoint!;

    public Task<Socket> AcceptAsync() => _listener.AcceptAsync(new CancellationTokenSource(TimeSpan.FromSeconds(20)).Token).AsTask();

    public void Dispose() => _listener.Dispose();

    public static async Task<Socket> ConnectAsync(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, port);
        return socket;
    }

    public static async Task<int> ReadAsync(Socket socket, byte[] buffer) =>
        await socket.ReceiveAsync(buffer, SocketFlags.None, new CancellationTokenSource(TimeSpan.FromSeconds(20)).Token);

    public static void Reset(Socket socket)
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Dispose();
    }
}
