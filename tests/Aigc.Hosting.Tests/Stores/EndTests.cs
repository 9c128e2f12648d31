using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Aigc.Hosting.Tests.Stores;

/// <summary>However an AppHost ends, its servers end after those that write to them, and the next run starts on the same data.</summary>
public sealed class EndTests : IDisposable
{
    private readonly string _data = StoreRun.Folder();

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task An_orderly_end_writes_everything_down()
    {
        await using var host = await StartAsync();
        await host.EndAsync("TERM");
        host.Pids.Commands().ShouldBeEmpty();
        File.Exists(Path.Combine(_data, "postgres", "data", "postmaster.pid")).ShouldBeFalse("Postgres ended by itself");
    }

    [Fact]
    public async Task After_a_kill_a_server_stays_as_long_as_it_is_needed_and_then_ends()
    {
        await using var host = await StartAsync();
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(IPAddress.Loopback, Port());
        await host.EndAsync("KILL");

        // The worker ends its engines for some seconds and notes it: longer than a server needs to end.
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < TimeSpan.FromSeconds(3)) (await AskAsync(client)).ShouldStartWith("-NOAUTH");
        client.Dispose();
        await host.NothingRunsAsync(TimeSpan.FromSeconds(15));
    }

    [Fact]
    public async Task The_run_after_a_kill_waits_for_the_servers_of_the_killed_one()
    {
        await using var killed = await StartAsync();
        await killed.EndAsync("KILL");
        await using var next = await StartAsync();
        await next.EndAsync("TERM");
        await killed.NothingRunsAsync(TimeSpan.FromSeconds(15));
    }

    private async Task<HostProcess> StartAsync()
    {
        var host = await HostProcess.StartAsync(new()
        {
            ["WithStores"] = "true",
            ["Hosting__DataDirectory"] = _data,
            ["ASPIRE_CONTAINER_RUNTIME"] = "no-engine",
        });
        await Eventually.TrueAsync("both servers run", TimeSpan.FromSeconds(40), () => File.Exists(Path.Combine(_data, "postgres", "data", "postmaster.pid"))
            && File.ReadAllLines(Path.Combine(_data, "postgres", "data", "postmaster.pid")) is [.., var status] && status.StartsWith("ready", StringComparison.Ordinal)
            && host.Running("redis-server") > 0);
        return host;
    }

    private int Port() => int.Parse(File.ReadLines(Path.Combine(_data, "redis", "redis.conf")).Single(line => line.StartsWith("port ", StringComparison.Ordinal))[5..], null);

    private static async Task<string> AskAsync(Socket client)
    {
        await client.SendAsync("PING\r\n"u8.ToArray());
        var buffer = new byte[64];
        return Encoding.ASCII.GetString(buffer, 0, await client.ReceiveAsync(buffer));
    }
}
