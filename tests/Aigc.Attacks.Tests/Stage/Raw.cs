using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Aigc.Attacks.Tests.Stage;

/// <summary>HTTP as bytes: no library in between that would correct what an attacker writes.</summary>
public static class Raw
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <param name="target">As it goes on the request line.</param>
    /// <param name="headers">Whole lines, <c>Name: value</c>. Without a <c>Host</c> among them, <paramref name="host"/> is one.</param>
    public static Task<RawAnswer> SendAsync(int port, string method, string host, string target, string[] headers, string? body = null)
    {
        var text = new StringBuilder($"{method} {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n");
        foreach (var header in headers)
            text.Append(header).Append("\r\n");
        if (body is not null)
            text.Append("Content-Length: ").Append(Encoding.UTF8.GetByteCount(body)).Append("\r\n");
        return SendAsync(port, text.Append("\r\n").Append(body).ToString());
    }

    public static async Task<RawAnswer> SendAsync(int port, string bytes)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port);
        using var patience = new CancellationTokenSource(Patience);
        var stream = client.GetStream();
        var answer = new MemoryStream();
        try
        {
            await stream.WriteAsync(Encoding.Latin1.GetBytes(bytes), patience.Token);
            await stream.CopyToAsync(answer, patience.Token);
        }
        catch (IOException)
        {
            // Reset: what came before it counts.
        }

        return new(Encoding.UTF8.GetString(answer.ToArray()));
    }
}
