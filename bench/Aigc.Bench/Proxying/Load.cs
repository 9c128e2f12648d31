using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Aigc.Bench.Proxying;

/// <summary>Keep-alive connections that ask as fast as they are answered. Plain sockets, so that the load costs less than what is measured.</summary>
public static class Load
{
    private static readonly byte[] Request = Encoding.ASCII.GetBytes(
        $"GET /view?filename=picture.png HTTP/1.1\r\nHost: {SeededTracker.Host}\r\nCookie: theme=dark; aigc-engine={SeededTracker.Cookie}\r\nAccept: */*\r\n\r\n");

    public static async Task<Sample> RunAsync(Uri address, int connections, TimeSpan duration)
    {
        var latencies = await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(() => DriveAsync(address, duration))));
        return new(latencies.Sum(l => l.Count) / duration.TotalSeconds, [.. latencies.SelectMany(l => l).Order()]);
    }

    private static async Task<List<double>> DriveAsync(Uri address, TimeSpan duration)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, address.Port);
        var buffer = new byte[8192];
        var latencies = new List<double>(100_000);
        var began = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(began) < duration)
        {
            var sent = Stopwatch.GetTimestamp();
            await socket.SendAsync(Request);
            await ReceiveAsync(socket, buffer);
            latencies.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
        }
        return latencies;
    }

    private static async Task ReceiveAsync(Socket socket, byte[] buffer)
    {
        var length = 0;
        var total = int.MaxValue;
        while (length < total)
        {
            var read = await socket.ReceiveAsync(buffer.AsMemory(length));
            if (read == 0)
                throw new InvalidOperationException("The connection was closed.");
            length += read;
            var header = buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8);
            if (total == int.MaxValue && header >= 0)
            {
                if (!buffer.AsSpan().StartsWith("HTTP/1.1 200"u8))
                    throw new InvalidOperationException(Encoding.ASCII.GetString(buffer, 0, length));
                total = header + 4 + 1024;
            }
        }
    }
}

/// <param name="Rate">Requests per second.</param>
/// <param name="Latencies">Milliseconds, ascending.</param>
public sealed record Sample(double Rate, double[] Latencies)
{
    public double At(double quantile) => Latencies[(int)(quantile * (Latencies.Length - 1))];
}
