using System.Net;
using System.Net.Sockets;
using System.Text;
using Aspire.Hosting.Balancing;
using Aspire.Hosting.Endpoints;
using Microsoft.Extensions.Logging.Abstractions;

namespace Aigc.Hosting.Tests.Balancing;

/// <summary>Through the balancer everything is as without it: half-closes, aborts, silence; except that a dead replica goes unnoticed.</summary>
public sealed class BalancerTests : IAsyncLifetime
{
    private readonly Backend _one = new();
    private readonly Backend _two = new();
    private readonly int _port = Ports.FindFree(new HashSet<int>());
    private readonly byte[] _buffer = new byte[64];
    private Balancer _balancer = null!;

    public Task InitializeAsync()
    {
        _balancer = Balancer.Start(_port, [_one.Address, _two.Address], TimeProvider.System, NullLogger.Instance);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _balancer.DisposeAsync();
        _one.Dispose();
        _two.Dispose();
    }

    [Fact]
    public async Task Replicas_take_turns_and_bytes_arrive_as_they_were()
    {
        var large = new byte[1_000_000];
        Random.Shared.NextBytes(large);
        for (var round = 0; round < 2; round++)
        {
            using var first = await Backend.ConnectAsync(_port);
            using var second = await Backend.ConnectAsync(_port);
            using var atOne = await _one.AcceptAsync();
            using var atTwo = await _two.AcceptAsync();
            var sending = atOne.SendAsync(large);
            var other = atTwo.SendAsync(large);
            (await ReceiveAsync(first, large.Length)).ShouldBe(large);
            (await ReceiveAsync(second, large.Length)).ShouldBe(large);
            await sending;
            await other;
        }
    }

    [Fact]
    public async Task A_killed_replica_is_skipped()
    {
        _one.Dispose();
        for (var i = 0; i < 4; i++)
        {
            using var client = await Backend.ConnectAsync(_port);
            using var replica = await _two.AcceptAsync();
            await client.SendAsync("hello"u8.ToArray());
            (await Backend.ReadAsync(replica, _buffer)).ShouldBe(5);
        }
    }

    [Fact]
    public async Task A_connection_waits_for_a_replica_that_is_on_its_way_back()
    {
        var address = _one.Address;
        _one.Dispose();
        _two.Dispose();
        using var client = await Backend.ConnectAsync(_port);
        await client.SendAsync("hello"u8.ToArray());
        using var back = new Backend(address.Port);
        using var replica = await back.AcceptAsync();
        (await Backend.ReadAsync(replica, _buffer)).ShouldBe(5);
    }

    [Fact]
    public async Task Without_any_replica_the_connection_ends()
    {
        var clock = new ManualClock();
        await using var balancer = Balancer.Start(Ports.FindFree(new HashSet<int>()) is var port ? port : 0, [new IPEndPoint(IPAddress.Loopback, 1)], clock, NullLogger.Instance);
        using var client = await Backend.ConnectAsync(port);
        await Eventually.TrueAsync("it tries", TimeSpan.FromSeconds(10), () => clock.Pending.Count == 1);
        clock.Advance(Balancer.Patience);
        (await Should.ThrowAsync<SocketException>(() => Backend.ReadAsync(client, _buffer))).SocketErrorCode.ShouldBe(SocketError.ConnectionReset);
    }

    [Fact]
    public async Task An_end_of_one_direction_leaves_the_other_open()
    {
        using var client = await Backend.ConnectAsync(_port);
        using var replica = await AcceptAnyAsync();
        await client.SendAsync("question"u8.ToArray());
        client.Shutdown(SocketShutdown.Send);
        (await Backend.ReadAsync(replica, _buffer)).ShouldBe(8);
        (await Backend.ReadAsync(replica, _buffer)).ShouldBe(0);
        await replica.SendAsync("answer"u8.ToArray());
        replica.Shutdown(SocketShutdown.Send);
        (await Backend.ReadAsync(client, _buffer)).ShouldBe(6);
        Encoding.ASCII.GetString(_buffer, 0, 6).ShouldBe("answer");
        (await Backend.ReadAsync(client, _buffer)).ShouldBe(0);
        await Eventually.TrueAsync("nothing is left of it", TimeSpan.FromSeconds(10), () => _balancer.Open == 0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_abort_reaches_the_other_side_as_an_abort(bool byClient)
    {
        var client = await Backend.ConnectAsync(_port);
        var replica = await AcceptAnyAsync();
        var (aborting, other) = byClient ? (client, replica) : (replica, client);
        Backend.Reset(aborting);
        (await Should.ThrowAsync<SocketException>(() => Backend.ReadAsync(other, _buffer))).SocketErrorCode.ShouldBe(SocketError.ConnectionReset);
        other.Dispose();
        await Eventually.TrueAsync("nothing is left of it", TimeSpan.FromSeconds(10), () => _balancer.Open == 0);
    }

    [Fact]
    public async Task A_thousand_silent_connections_stay_and_still_work()
    {
        var pairs = new List<(Socket Client, Socket Replica)>();
        for (var i = 0; i < 1000; i++)
        {
            var client = await Backend.ConnectAsync(_port);
            pairs.Add((client, await (i % 2 == 0 ? _two : _one).AcceptAsync()));
        }

        _balancer.Open.ShouldBe(1000);
        foreach (var (client, replica) in pairs)
        {
            await replica.SendAsync("x"u8.ToArray());
            (await Backend.ReadAsync(client, _buffer)).ShouldBe(1);
        }

        pairs.ForEach(pair => pair.Client.Dispose());
        pairs.ForEach(pair => pair.Replica.Dispose());
        await Eventually.TrueAsync("nothing is left of them", TimeSpan.FromSeconds(10), () => _balancer.Open == 0);
    }

    private async Task<Socket> AcceptAnyAsync()
    {
        var (one, two) = (_one.AcceptAsync(), _two.AcceptAsync());
        return await await Task.WhenAny(one, two);
    }

    private static async Task<byte[]> ReceiveAsync(Socket socket, int length)
    {
        var received = new byte[length];
        await using var stream = new NetworkStream(socket);
        await stream.ReadExactlyAsync(received, new CancellationTokenSource(TimeSpan.FromSeconds(20)).Token);
        return received;
    }
}
