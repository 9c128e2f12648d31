using System.Net.Sockets;
using System.Text;

namespace Aigc.Proxy.Tests.Environment;

/// <summary>HTTP as no client library would send it.</summary>
public static class Raw
{
    public static async Task<string> SendAsync(Uri address, string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port);
        await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(request));
        using var reader = new StreamReader(client.GetStream(), Encoding.Latin1);
        return await reader.ReadToEndAsync().WaitAsync(Gateway.Budget);
    }
}
