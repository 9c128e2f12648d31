using System.Net;
using System.Net.Sockets;
using Aigc.Engines.Lifecycle;
using Aigc.Worker.Runtimes;

namespace Aigc.Worker.Local;

internal static class LoopbackPorts
{
    /// <param name="taken">Ports of engines that are running but may not be listening yet.</param>
    public static int Choose(int? wanted, IReadOnlySet<int> taken)
    {
        if (wanted is { } port)
        {
            return !taken.Contains(port) && TryBind(port) is not null
                ? port
                : throw new EngineStartException(new(Reasons.StartFailed, $"Port {port} of the machine is in use by another program."));
        }

        while (true)
        {
            // The system's choice is free this moment; only our own engines could have been promised it.
            if (TryBind(0) is { } free && !taken.Contains(free))
                return free;
        }
    }

    private static int? TryBind(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return ((IPEndPoint)listener.LocalEndpoint).Port;
        }
        catch (SocketException e) when (port != 0 && e.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
        {
            return null;
        }
    }
}
