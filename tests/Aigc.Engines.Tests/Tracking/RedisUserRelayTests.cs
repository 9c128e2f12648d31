#if !FULL_FEED
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Aigc.Engines.People;
using Aigc.Engines.Tracking;
using Aigc.Engines.Tracking.Redis;
using Aigc.Testing;
using StackExchange.Redis;

namespace Aigc.Engines.Tests.Tracking;

/// <summary>The way of an ACL user to a Redis, on bad days, and who else might take it.</summary>
public sealed class RedisUserRelayTests : IAsyncLifetime
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    private RedisServer _redis = null!;

    private static CancellationToken InTime => new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token;

    private string User => $"{_redis.ConnectionString},user=aigc,password=hunter2";

    public async Task InitializeAsync() => _redis = await RedisServer.StartAsync(await RedisUserTests.OneUserAsync());

    public async Task DisposeAsync() => await _redis.DisposeAsync();

    [Theory]
    [InlineData("user=aigc,password=wrong one")]
    [InlineData("user=nobody,password=hunter2")]
    public async Task A_wrong_user_or_password_is_called_one(string wrong)
    {
        using var tracker = Connect($"{_redis.ConnectionString},{wrong}");
        var told = await Should.ThrowAsync<TrackerAwayException>(tracker.BeginTermAsync(new(1), [], InTime));
        told.Message.ShouldContain("'user' or 'password' in ConnectionStrings:tracker is missing or wrong");
        told.Message.ShouldContain(_redis.ConnectionString);
        told.ToString().ShouldNotContain("wrong one");
        told.ToString().ShouldNotContain("hunter2");
    }

    [Fact]
    public async Task A_wrong_user_is_not_taken_for_the_default_user_who_needs_no_password()
    {
        await using var open = await RedisServer.StartAsync();
        using var tracker = Connect($"{open.ConnectionString},user=aigc,password=hunter2");
        await Should.ThrowAsync<TrackerAwayException>(tracker.BeginTermAsync(new(1), [], InTime));
        (await open.CommandAsync("EXISTS", "aigc:head")).ShouldBe(":0\r\n");
    }

    [Theory]
    [InlineData("*1\r\n$4\r\nPING\r\n")]
    [InlineData("PING\r\n")]
    [InlineData("*2\r\n$4\r\nAUTH\r\n$64\r\n0000000000000000000000000000000000000000000000000000000000000000\r\n*1\r\n$4\r\nPING\r\n")]
    [InlineData("*2\r\n$4\r\nAUTH\r\n$7\r\nhunter2\r\n")]
    [InlineData("*3\r\n$4\r\nAUTH\r\n$4\r\naigc\r\n$7\r\nhunter2\r\n")]
    [InlineData("")]
    public async Task Another_program_of_this_machine_does_not_get_to_redis_through_us(string said)
    {
        using var relay = Relay(User);
        using var stranger = await SayAsync(relay, said);
        (await new StreamReader(stranger.GetStream()).ReadToEndAsync(InTime)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Who_knows_the_word_is_the_user_even_if_it_comes_byte_by_byte()
    {
        using var relay = Relay(User);
        var word = $"*2\r\n$4\r\nAUTH\r\n$64\r\n{relay.Options.Password}\r\n";
        using var client = await SayAsync(relay, "");
        foreach (var part in word + "*2\r\n$6\r\nCLIENT\r\n$4\r\nINFO\r\n*1\r\n$4\r\nQUIT\r\n")
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes([part]), InTime);
        var answer = await new StreamReader(client.GetStream()).ReadToEndAsync(InTime);
        answer.ShouldStartWith("+OK\r\n");
        answer.ShouldContain(" user=aigc ");
    }

    [Fact]
    public async Task A_redis_that_was_away_is_missed_at_once_by_its_name_and_found_again()
    {
        using var tracker = Connect(User);
        await tracker.BeginTermAsync(new(1), [SessionTrackerContract.SomeRoute("a")], InTime);
        await using var seen = Watched.By(tracker);
        await seen.UntilAsync(all => all is [TrackerChange.Snapshot { Complete: true }]);

        await _redis.KillAsync();
        await Eventually.TrueAsync("it is told that nobody is there", Soon, async () =>
            await Record.ExceptionAsync(() => tracker.FindSignInAsync(SignInKey.Of("x"), InTime)) is TrackerAwayException { InnerException: SocketException });
        for (var i = 0; i < 20; i++)
        {
            var asked = Stopwatch.StartNew();
            var told = await Should.ThrowAsync<TrackerAwayException>(tracker.FindSignInAsync(SignInKey.Of("x"), InTime));
            asked.Elapsed.ShouldBeLessThan(TimeSpan.FromMilliseconds(500), "whoever can go on without the tracker must know at once");
            told.Message.ShouldBe($"The session tracker, Redis at {_redis.ConnectionString}, can't be reached.");
        }

        await _redis.RestartAsync();
        await seen.UntilAsync(all => all[^1] is TrackerChange.Snapshot { Complete: false });
        await tracker.BeginTermAsync(new(1), [SessionTrackerContract.SomeRoute("b")], InTime);
        await seen.UntilAsync(all => all[^1] is TrackerChange.Snapshot { Complete: true });
        var signIn = SessionTrackerContract.SomeSignIn("again");
        await tracker.RevokeSignInAsync(signIn.Key, InTime);
        await seen.UntilAsync(all => all[^1] == new TrackerChange.SignInRevoked(signIn.Key));
    }

    [Fact]
    public async Task A_redis_that_was_silent_for_long_leaves_no_connection_behind()
    {
        using var tracker = Connect(User, new() { Limit = TimeSpan.FromMilliseconds(300), Replace = TimeSpan.FromSeconds(1), Settling = TimeSpan.Zero });
        await tracker.BeginTermAsync(new(1), [], InTime);
        _redis.Pause();
        var asked = Stopwatch.StartNew();
        while (asked.Elapsed < TimeSpan.FromSeconds(4))
            await Should.ThrowAsync<TrackerAwayException>(tracker.FindSignInAsync(SignInKey.Of("x"), InTime));
        _redis.Resume();
        await Eventually.TrueAsync("Redis is asked again", Soon, async () =>
            await Record.ExceptionAsync(() => tracker.FindSignInAsync(SignInKey.Of("x"), InTime)) is null);
        await Eventually.TrueAsync("one link is left, of two connections", Soon, () => Connections(_redis.Port) == 2, () => $"{Connections(_redis.Port)}");
    }

    [Fact]
    public async Task After_the_last_call_nothing_listens_and_nothing_is_connected()
    {
        var settings = RedisSettings.Parse(User);
        var connection = new RedisConnection(
            settings, new("aigc:changes", RedisChannel.PatternMode.Literal), new(), TimeProvider.System, new(), new TestLog());
        await connection.RunAsync(redis => redis.StringGetAsync("aigc:x"), InTime);
        var port = Port(connection.Relay!);
        Connections(_redis.Port).ShouldBe(2);
        connection.Dispose();
        await Eventually.TrueAsync("nobody is at the door", Soon, async () =>
        {
            using var late = new TcpClient();
            return await Record.ExceptionAsync(() => late.ConnectAsync(IPAddress.Loopback, port)) is SocketException;
        });
        await Eventually.TrueAsync("Redis is left alone", Soon, () => Connections(_redis.Port) == 0);
    }

    [Fact]
    public async Task Each_of_several_servers_has_a_way_of_its_own()
    {
        await using var replica = await RedisServer.StartAsync(
            ["--replicaof", "127.0.0.1", $"{_redis.Port}", "--masteruser", "aigc", "--masterauth", "hunter2", .. await RedisUserTests.OneUserAsync()]);
        using var tracker = Connect($"{replica.ConnectionString},{User}");
        await tracker.BeginTermAsync(new(1), [], InTime);
        await replica.KillAsync();
        await tracker.BeginTermAsync(new(2), [], InTime);
    }

    private static RedisTracker Connect(string connectionString, RedisTimes? times = null) =>
        new(connectionString, TimeProvider.System, new TestLog(), times: times ?? new() { Settling = TimeSpan.Zero });

    private static UserRelay Relay(string connectionString) => UserRelay.For(RedisSettings.Parse(connectionString), TimeProvider.System)!;

    private static int Port(UserRelay relay) => ((IPEndPoint)relay.Options.EndPoints[0]).Port;

    private static async Task<TcpClient> SayAsync(UserRelay relay, string words)
    {
        var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(IPAddress.Loopback, Port(relay));
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(words));
        return client;
    }

    /// <summary>From this machine to that port.</summary>
    private static int Connections(int port) => System.Net.NetworkInformation.IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpConnections()
        .Count(one => one.RemoteEndPoint.Port == port && one.State is System.Net.NetworkInformation.TcpState.Established);
}
#endif
