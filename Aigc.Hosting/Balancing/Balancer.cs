using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Balancing;

/// <summary>Passes connections on to replicas, each in its turn. It knows nothing of what they say, and cuts nothing that is silent.</summary>
internal sealed partial class Balancer : IAsyncDisposable
{
    // What the kernel holds until it is accepted; Linux caps it at net.core.somaxconn.
    private const int Backlog = 1024;

    /// <summary>How long a connection waits for a replica when none listens: one that was killed is back within this.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<Relay, Task> _relays = [];
    private readonly IReadOnlyList<IPEndPoint> _targets;
    private readonly List<Socket> _listeners = [];
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private Task _accepting = Task.CompletedTask;
    private uint _turn;

    private Balancer(IReadOnlyList<IPEndPoint> targets, TimeProvider time, ILogger logger)
    {
        _targets = targets;
        _time = time;
        _logger = logger;
    }

    /// <summary>Connections that are open now.</summary>
    public int Open => _relays.Count;

    /// <param name="port">Listened on at both loopback addresses, where the machine has both.</param>
    /// <exception cref="SocketException">The port is taken.</exception>
    public static Balancer Start(int port, IReadOnlyList<IPEndPoint> targets, TimeProvider time, ILogger logger)
    {
        var balancer = new Balancer(targets, time, logger);
        try
        {
            balancer.Listen(IPAddress.Loopback, port);
            if (Socket.OSSupportsIPv6) balancer.Listen(IPAddress.IPv6Loopback, port);
        }
        catch (SocketException)
        {
            balancer._listeners.ForEach(listener => listener.Dispose());
            throw;
        }

        balancer._accepting = Task.WhenAll(balancer._listeners.Select(balancer.AcceptAsync));
        return balancer;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listeners.ForEach(listener => listener.Dispose());
        await _accepting;
        foreach (var relay in _relays.Keys) relay.Abort();
        await Task.WhenAll(_relays.Values);
        _stopping.Dispose();
    }

    private void Listen(IPAddress address, int port)
    {
        var listener = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            listener.Bind(new IPEndPoint(address, port));
            listener.Listen(Backlog);
            _listeners.Add(listener);
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.AddressNotAvailable && address.AddressFamily == AddressFamily.InterNetworkV6)
        {
            // Supported by the system, switched off on this machine.
            listener.Dispose();
        }
        catch (SocketException)
        {
            listener.Dispose();
            throw;
        }
    }

    private async Task AcceptAsync(Socket listener)
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                var relay = new Relay(await listener.AcceptAsync(_stopping.Token));

                // Registered before it can end, so that it removes itself only afterwards.
                var registered = new TaskCompletionSource();
                _relays[relay] = CarryAsync(relay, registered.Task);
                registered.SetResult();
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException || _stopping.IsCancellationRequested)
            {
                return;
            }
            catch (SocketException e)
            {
                // Out of descriptors, or the caller left before it was accepted: the next may have more luck.
                Log.NotAccepted(_logger, e.Message);
                await Task.Delay(Pause, _time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task CarryAsync(Relay relay, Task registered)
    {
        await registered.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        using (relay)
        {
            if (await ConnectAsync() is { } replica) await relay.RunAsync(replica);
            else relay.Abort();
        }

        _relays.TryRemove(relay, out _);
    }

    /// <summary>The next replica that accepts; null when none does for a while.</summary>
    private async Task<Socket?> ConnectAsync()
    {
        var start = _time.GetTimestamp();
        var turn = Interlocked.Increment(ref _turn);
        while (!_stopping.IsCancellationRequested)
        {
            for (uint i = 0; i < _targets.Count; i++)
            {
                if (await TryConnectAsync(_targets[(int)((turn + i) % (uint)_targets.Count)]) is { } replica) return replica;
            }

            if (_time.GetElapsedTime(start) >= Patience) break;
            await Task.Delay(Pause, _time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return null;
    }

    private async Task<Socket?> TryConnectAsync(IPEndPoint target)
    {
        var socket = new Socket(target.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(target, _stopping.Token);
            return socket;
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            socket.Dispose();
            return null;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "A connection was not accepted: {Message}")]
        public static partial void NotAccepted(ILogger logger, string message);
    }
}
