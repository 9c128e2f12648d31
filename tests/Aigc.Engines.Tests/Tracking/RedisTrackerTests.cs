using Aigc.Engines.Tracking;
using Aigc.Engines.Tracking.Redis;
using Aigc.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Aigc.Engines.Tests.Tracking;

/// <summary>The contract on a real Redis; a prefix of its own for each test.</summary>
public sealed class RedisTrackerTests : SessionTrackerContract, IClassFixture<RedisTrackerTests.Server>, IDisposable
{
    private readonly RedisTracker _here, _there;

    public RedisTrackerTests(Server server) => (_here, _there) = (Connect(server), Connect(server));

    protected override ISessionTracker Here => _here;

    protected override ISessionTracker There => _there;

    private readonly string _prefix = $"{Guid.NewGuid():N}:";

    public void Dispose()
    {
        _here.Dispose();
        _there.Dispose();
    }

    [Fact]
    public async Task Two_hundred_codes_with_two_takers_each_are_taken_two_hundred_times()
    {
        for (var round = 0; round < 200; round++)
        {
            var code = new OneTimeCode(
                Engines.People.SignInKey.Of($"code {round}"), Engines.Lifecycle.EngineId.New(), "browser",
                Engines.People.SignInKey.Of("s"), TimeProvider.System.GetUtcNow().AddMinutes(1));
            await Here.PutCodeAsync(code, InTime);
            var taken = await Task.WhenAll(Here.TakeCodeAsync(code.Key, InTime), There.TakeCodeAsync(code.Key, InTime));
            taken.ShouldBe([.. taken.Where(one => one == code), .. taken.Where(one => one is null)], ignoreOrder: true);
            taken.Count(one => one == code).ShouldBe(1, $"round {round}");
        }
    }

    private RedisTracker Connect(Server server) => new(
        $"{server.Redis.ConnectionString},prefix={_prefix}", TimeProvider.System, NullLogger<RedisTracker>.Instance,
        times: new() { Settling = TimeSpan.Zero });

    public sealed class Server : IAsyncLifetime
    {
        public RedisServer Redis { get; private set; } = null!;

        public async Task InitializeAsync() => Redis = await RedisServer.StartAsync();

        public async Task DisposeAsync() => await Redis.DisposeAsync();
    }
}
