using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Aigc.Attacks.Tests.HostileEngine;

/// <summary>
/// One connection. <c>/raw?{base64url}</c> is answered with exactly these bytes, <c>/endless</c> never ends;
/// everything is noted before it is answered.
/// </summary>
internal sealed class Conversation(TcpClient client, Diary diary, Tricks tricks)
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(50);

    private readonly byte[] _buffer = new byte[64 * 1024];
    private string _unread = "";

    public async Task RunAsync()
    {
        using var _ = client;
        var stream = client.GetStream();
        try
        {
            while (await ReadHeadAsync(stream) is { } head && await AnswerAsync(stream, head))
            {
                // The next request of the same connection.
            }
        }
        catch (Exception gone) when (gone is IOException or SocketException)
        {
            // The other side ended it.
        }
    }

    private async Task<string?> ReadHeadAsync(NetworkStream stream)
    {
        int end;
        while ((end = _unread.IndexOf("\r\n\r\n", StringComparison.Ordinal)) < 0)
        {
            var read = await stream.ReadAsync(_buffer);
            if (read == 0)
                return null;
            _unread += Encoding.Latin1.GetString(_buffer, 0, read);
        }

        var head = _unread[..end];
        _unread = _unread[(end + 4)..];
        return head;
    }

    /// <summary>False: the connection ends with this answer.</summary>
    private async Task<bool> AnswerAsync(NetworkStream stream, string head)
    {
        var target = new Uri("http://engine" + head.Split(' ')[1]);
        if (target.AbsolutePath != "/healthz")
            diary.Add(head);
        var (path, argument) = (target.AbsolutePath, Uri.UnescapeDataString(target.Query.TrimStart('?')));
        switch (path)
        {
            case "/raw":
                await stream.WriteAsync(Convert.FromBase64String(argument));
                return false;
            case "/endless":
                await StreamAsync(stream);
                return false;
            case "/headers-without-end":
                await WriteAsync(stream, "HTTP/1.1 200 OK\r\n");
                while (true)
                    await WriteAsync(stream, $"X-Header: {new string('x', 1000)}\r\n");
            case "/link":
                tricks.Link(argument.Split('|')[0], argument.Split('|')[1]);
                break;
            case "/swap":
                tricks.BeginSwapping(argument.Split('|')[0], argument.Split('|')[1]);
                break;
            case "/still":
                tricks.EndSwapping();
                break;
        }

        if (HeaderOf(head, "Sec-WebSocket-Key") is { } key)
        {
            await AcceptAsync(stream, key);
            return false;
        }

        // A body is not waited for: whatever follows is read as the next request, as a careless server would.
        await WriteAsync(stream, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok");
        return HeaderOf(head, "Content-Length") is null or "0" && HeaderOf(head, "Transfer-Encoding") is null;
    }

    private async Task AcceptAsync(NetworkStream stream, string key)
    {
#pragma warning disable CA5350 // What RFC 6455 asks for.
        var accept = Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")));
#pragma warning restore CA5350
        await WriteAsync(stream, $"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n\r\n");
        while (await stream.ReadAsync(_buffer) > 0)
        {
            // Listens, and never closes.
        }
    }

    private static async Task StreamAsync(NetworkStream stream)
    {
        await WriteAsync(stream, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n");
        while (true)
        {
            await WriteAsync(stream, "1\r\n.\r\n");
            await Task.Delay(Beat, TimeProvider.System);
        }
    }

    private static ValueTask WriteAsync(NetworkStream stream, string text) => stream.WriteAsync(Encoding.Latin1.GetBytes(text));

    private static string? HeaderOf(string head, string name) => head.Split("\r\n")
        .FirstOrDefault(line => line.StartsWith($"{name}:", StringComparison.OrdinalIgnoreCase))?[(name.Length + 1)..].Trim();
}
