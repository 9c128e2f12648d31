using System.Net.Sockets;
using System.Text;

namespace Aigc.Proxy.Tests.Environment;

/// <summary>HTTP as no client library would send it.</summary>
public sealed class Raw : IDisposable
{
    private readonly TcpClient _client = new();

    public static async Task<Raw> ConnectAsync(Uri address)
    {
        var raw = new Raw();
        await raw._client.ConnectAsync(address.Host, address.Port);
        return raw;
    }

    /// <summary>Sends, and reads until the other side hangs up.</summary>
    public static async Task<string> SendAsync(Uri address, string request)
    {
        using var raw = await ConnectAsync(address);
        await raw.WriteAsync(request);
        using var reader = new StreamReader(raw._client.GetStream(), Encoding.Latin1);
        return await reader.ReadToEndAsync().WaitAsync(Gateway.Budget);
    }

    public Task WriteAsync(string text) => _client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(text)).AsTask();

    /// <summary>Reads until the text ends so.</summary>
    public async Task<string> ReadUntilAsync(string end)
    {
        using var budget = new CancellationTokenSource(Gateway.Budget);
        var text = new StringBuilder();
        var one = new byte[1];
        while (!text.ToString().EndsWith(end, StringComparison.Ordinal))
        {
            (await _client.GetStream().ReadAsync(one, budget.Token)).ShouldBe(1, text.ToString());
            text.Append((char)one[0]);
        }
        return text.ToString();
    }

    public void Dispose() => _client.Dispose();
}
