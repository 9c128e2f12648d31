#if !FULL_FEED
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using StackExchange.Redis;

namespace Aigc.Engines.Tracking.Redis;

/// <summary>A real server, and who we are there.</summary>
internal sealed class RelayTarget(EndPoint endPoint, ConfigurationOptions options, RemoteCertificateValidationCallback? trust, string user)
{
    private const int LongestAnswer = 4096;

    private readonly byte[] _auth = Command("AUTH", user, options.Password ?? "");

    /// <summary>For the connection, TLS and the answer to AUTH together: a slow server may take 2 s for one of them.</summary>
    public TimeSpan Patience { get; } = TimeSpan.FromMilliseconds(Math.Max(5000, options.ConnectTimeout));

    public static bool IsAway(Exception exception) =>
        exception is IOException or SocketException or AuthenticationException or OperationCanceledException;

    /// <returns>The connection, and what the server says to the user.</returns>
    public async Task<Way> ConnectAsync(CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        Stream? stream = null;
        var done = false;
        try
        {
            await socket.ConnectAsync(endPoint, cancellationToken);
            stream = new NetworkStream(socket, ownsSocket: true);
            if (options.Ssl)
                stream = await EncryptAsync(stream, cancellationToken);
            await stream.WriteAsync(_auth, cancellationToken);
            var way = new Way(socket, stream, await AnswerAsync(stream, cancellationToken));
            done = true;
            return way;
        }
        finally
        {
            if (!done)
            {
                stream?.Dispose();
                socket.Dispose();
            }
        }
    }

    private async Task<SslStream> EncryptAsync(Stream plain, CancellationToken cancellationToken)
    {
        var tls = new SslStream(plain, leaveInnerStreamOpen: false, trust);
        var host = options.SslHost is { Length: > 0 } named ? named : endPoint switch
        {
            DnsEndPoint dns => dns.Host,
            IPEndPoint ip => ip.Address.ToString(),
            _ => endPoint.ToString()!,
        };
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions { TargetHost = host, EnabledSslProtocols = options.SslProtocols ?? SslProtocols.None }, cancellationToken);
        return tls;
    }

    /// <summary>One line: nothing else was asked yet.</summary>
    private static async Task<string> AnswerAsync(Stream server, CancellationToken cancellationToken)
    {
        var (said, length) = (new byte[LongestAnswer], 0);
        while (length < 2 || said[length - 1] != '\n')
        {
            var read = await server.ReadAsync(said.AsMemory(length), cancellationToken);
            if (read == 0)
                throw new IOException(length == LongestAnswer ? "What answers is no Redis." : "The server closed the connection.");
            length += read;
        }

        return Encoding.UTF8.GetString(said, 0, length).TrimEnd();
    }

    private static byte[] Command(params string[] words) => Encoding.UTF8.GetBytes(
        $"*{words.Length}\r\n" + string.Concat(words.Select(word => $"${Encoding.UTF8.GetByteCount(word)}\r\n{word}\r\n")));

    public sealed record Way(Socket Socket, Stream Stream, string Answer) : IDisposable
    {
        public bool IsOpen => Answer == "+OK";

        public void Dispose() => Stream.Dispose();
    }
}
#endif
