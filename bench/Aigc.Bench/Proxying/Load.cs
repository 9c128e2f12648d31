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

    private static readonly List<double[]> Buffers = [];

    public static async Task<Sample> RunAsync(Uri address, int connections, TimeSpan duration)
    {
        // Kept from turn to turn, so that the load's garbage collections do not fall into what is measured.
        while (Buffers.Count < connections)
            Buffers.Add(new double[200_000]);
        var driving = Enumerable.Range(0, connections).Select(i => connections == 1
            ? Task.Factory.StartNew(() => Drive(address, duration, Buffers[i]), TaskCreationOptions.LongRunning)
            : Task.Run(() => DriveAsync(address, duration, Buffers[i])));
        var counts = await Task.WhenAll(driving);
        var latencies = new double[counts.Sum()];
        var at = 0;
        for (var i = 0; i < connections; i++)
        {
            Array.Copy(Buffers[i], 0, latencies, at, counts[i]);
            at += counts[i];
        }
        Array.Sort(latencies);
        return new(latencies.Length / duration.TotalSeconds, latencies);
    }

    private static async Task<int> DriveAsync(Uri address, TimeSpan duration, double[] latencies)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, address.Port);
        var buffer = new byte[8192];
        var count = 0;
        for (var began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began) < duration && count < latencies.Length;)
        {
            var sent = Stopwatch.GetTimestamp();
            await socket.SendAsync(Request);
            var length = 0;
            while (!IsComplete(buffer, length += Read(await socket.ReceiveAsync(buffer.AsMemory(length)))))
            {
            }
            latencies[count++] = Stopwatch.GetElapsedTime(sent).TotalMilliseconds;
        }
        return count;
    }

    /// <summary>One connection alone blocks its thread: no scheduling of ours adds to the latency.</summary>
    private static int Drive(Uri address, TimeSpan duration, double[] latencies)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(IPAddress.Loopback, address.Port);
        var buffer = new byte[8192];
        var count = 0;
        for (var began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began) < duration && count < latencies.Length;)
        {
            var sent = Stopwatch.GetTimestamp();
            socket.Send(Request);
            var length = 0;
            while (!IsComplete(buffer, length += Read(socket.Receive(buffer.AsSpan(length)))))
            {
            }
            latencies[count++] = Stopwatch.GetElapsedTime(sent).TotalMilliseconds;
        }
        return count;
    }

    private static int Read(int bytes) => bytes > 0 ? bytes : throw new InvalidOperationException("The connection was closed.");

    private static bool IsComplete(byte[] buffer, int length)
    {
        var header = buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8);
        if (header < 0)
            return false;
        return buffer.AsSpan().StartsWith("HTTP/1.1 200"u8)
            ? length == header + 4 + Roles.PictureLength
            : throw new InvalidOperationException(Encoding.ASCII.GetString(buffer, 0, length));
    }
}

/// <param name="Rate">Requests per second.</param>
/// <param name="Latencies">Milliseconds, ascending.</param>
public sealed record Sample(double Rate, double[] Latencies)
{
    /// <summary>Processor time that the measured process took, for each request. Microseconds.</summary>
    public double Processor { get; init; }

    /// <summary>Bytes that the measured process allocated, for each request.</summary>
    public double Allocated { get; init; }

    public double At(double quantile) => Latencies[(int)(quantile * (Latencies.Length - 1))];
}
