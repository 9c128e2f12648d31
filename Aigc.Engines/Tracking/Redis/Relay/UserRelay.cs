#if !FULL_FEED
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using StackExchange.Redis;

namespace Aigc.Engines.Tracking.Redis;

/// <summary>
/// Signs in as an ACL user for StackExchange.Redis 1.2.6, which can send a password alone. StackExchange.Redis 2 (-p:FullFeed=true) replaces this folder.
/// The client speaks to a loopback port of this process, with a secret of this process; from there on it is the user, with TLS if asked for.
/// </summary>
internal sealed class UserRelay : IDisposable
{
    /// <summary>For strangers at the door, who say nothing.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Who has not proved yet to belong to this process. More wait outside, and cost it nothing.</summary>
    private const int MostAtTheDoor = 64;

    private readonly CancellationTokenSource _ending = new();
    private readonly SemaphoreSlim _door = new(MostAtTheDoor);
    private readonly List<TcpListener> _listeners = [];
    private readonly RelaySecret _secret = new(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)));
    private readonly TimeProvider _time;

    private UserRelay(RedisSettings settings, string user, TimeProvider time)
    {
        _time = time;
        var real = settings.Options.Clone();
        real.SetDefaultPorts();
        Options = settings.Options.Clone();
        (Options.Password, Options.Ssl, Options.SslHost) = (_secret.Word, false, null);
        Options.EndPoints.Clear();
        foreach (var endPoint in real.EndPoints)
        {
            // Free ports are the system's to give, and nobody else can take them while this process lives.
            var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            _listeners.Add(listener);
            Options.EndPoints.Add(listener.LocalEndpoint);
            _ = ListenAsync(listener, new(endPoint, real, settings.Trust, user));
        }
    }

    /// <summary>What the client has to use instead of the settings'.</summary>
    public ConfigurationOptions Options { get; }

    /// <summary>Why a server did not let us in the last time; null since one did.</summary>
    public Exception? Trouble { get; private set; }

    /// <returns>Null if no user is named.</returns>
    public static UserRelay? For(RedisSettings settings, TimeProvider time) => settings.User is { } user ? new(settings, user, time) : null;

    public void Dispose()
    {
        _ending.Cancel();
        _listeners.ForEach(listener => listener.Dispose());
    }

    private async Task ListenAsync(TcpListener listener, RelayTarget target)
    {
        try
        {
            while (true)
            {
                await _door.WaitAsync(_ending.Token);
                if (await AcceptAsync(listener) is { } socket)
                    _ = ServeAsync(socket, target);
            }
        }
        catch (Exception exception) when (_ending.IsCancellationRequested && exception is (OperationCanceledException or ObjectDisposedException or SocketException))
        {
            // It was ended.
        }
    }

    private async Task<Socket?> AcceptAsync(TcpListener listener)
    {
        try
        {
            return await listener.AcceptSocketAsync(_ending.Token);
        }
        catch (SocketException exception) when (!_ending.IsCancellationRequested)
        {
            // This process has no more files to open; it may again.
            Trouble = exception;
            _door.Release();
            await Task.Delay(Pause, _time, _ending.Token);
            return null;
        }
    }

    private async Task ServeAsync(Socket socket, RelayTarget target)
    {
        using var client = new NetworkStream(socket, ownsSocket: true);
        try
        {
            socket.NoDelay = true;
            byte[]? more;
            try
            {
                using var patience = new CancellationTokenSource(Patience, _time);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, _ending.Token);
                more = await _secret.AskAsync(client, either.Token);
            }
            finally
            {
                _door.Release();
            }

            if (more is not null)
                await ConnectAsync(client, more, target);
        }
        catch (Exception exception) when (exception is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // One side has gone, or never spoke: the client sees its connection end, and knows what to do.
        }
    }

    /// <param name="more">What the client sent behind its secret.</param>
    private async Task ConnectAsync(NetworkStream client, byte[] more, RelayTarget target)
    {
        RelayTarget.Way server;
        try
        {
            using var patience = new CancellationTokenSource(target.Patience, _time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, _ending.Token);
            server = await target.ConnectAsync(either.Token);
        }
        catch (Exception exception) when (RelayTarget.IsAway(exception))
        {
            // Closed at once, so that whoever can go on without the tracker knows at once.
            if (!_ending.IsCancellationRequested)
                Trouble = exception;
            return;
        }

        using (server)
        {
            await client.WriteAsync(Encoding.UTF8.GetBytes(server.Answer + "\r\n"), _ending.Token);
            Trouble = server.IsOpen ? null : new UnauthorizedAccessException(server.Answer);
            // Refused, it would go on as the default user: closed.
            if (!server.IsOpen)
                return;
            await server.Stream.WriteAsync(more, _ending.Token);
            await RelayPump.RunAsync(client, server.Stream, server.Socket, _time, _ending.Token);
        }
    }
}
#endif
