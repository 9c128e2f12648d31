using System.Text;

namespace Aspire.Hosting.Stores;

internal sealed class RedisAccess(string password) : StoreAccess
{
    private const string Expected = "+OK\r\n+PONG\r\n";

    public string Password => password;

    public override string ConnectionString(int port) => $"{Address(port)},password={password}";

    public override string Address(int port) => $"127.0.0.1:{port}";

    // While it loads its data it answers -LOADING.
    protected override async Task<bool> AsksAsync(Stream stream, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(Encoding.UTF8.GetBytes($"*2\r\n$4\r\nAUTH\r\n${Encoding.UTF8.GetByteCount(password)}\r\n{password}\r\n*1\r\n$4\r\nPING\r\n"), cancellationToken);
        var answer = new byte[Expected.Length];
        return await stream.ReadAtLeastAsync(answer, answer.Length, throwOnEndOfStream: false, cancellationToken) == answer.Length
            && Encoding.ASCII.GetString(answer) == Expected;
    }
}
