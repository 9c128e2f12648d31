using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Aigc.Attacks.Tests.Stage;

/// <summary>A connection that stays open: a WebSocket, or an answer without an end.</summary>
public sealed class OpenTalk : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly TcpClient _client = new();

    public static readonly string[] WebSocket =
        ["Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="];

    /// <returns>The connection after the answer's head, which must have this status.</returns>
    public static async Task<OpenTalk> BeginAsync(int port, string host, string target, int status, params string[] headers)
    {
        var talk = new OpenTalk();
        await talk._client.ConnectAsync(IPAddress.Loopback, port);
        var connection = headers.Contains(WebSocket[0]) ? "Connection: Upgrade" : "Connection: close";
        var head = $"GET {target} HTTP/1.1\r\nHost: {host}\r\n{connection}\r\n{string.Join("\r\n", headers)}\r\n\r\n";
        var stream = talk._client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(head));
        var buffer = new byte[4096];
        using var patience = new CancellationTokenSource(Patience);
        var read = await stream.ReadAsync(buffer, patience.Token);
        Encoding.Latin1.GetString(buffer, 0, read).ShouldStartWith($"HTTP/1.1 {status} ");
        return talk;
    }

    /// <summary>Returns when the other side has ended it; throws when it has not in time.</summary>
    public async Task EndsAsync(TimeSpan within)
    {
        using var patience = new CancellationTokenSource(within);
        var buffer = new byte[4096];
        try
        {
            while (await _client.GetStream().ReadAsync(buffer, patience.Token) > 0)
            {
                // What was on its way.
            }
        }
        catch (IOException)
        {
            // Cut, which is an end too.
        }
    }

    public void Dispose() => _client.Dispose();
}
