using System.Diagnostics;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.People;
using Aigc.Engines.Tracking;
using Aigc.Engines.Tracking.Redis;
using Aigc.Testing;

namespace Aigc.Engines.Tests.Tracking;

/// <summary>Redis as it is on bad days. Each test has a server of its own.</summary>
[Collection(nameof(OnItsOwn))]
public sealed class RedisFaultTests : IAsyncLifetime
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    private readonly List<RedisTracker> _trackers = [];
    private RedisServer _redis = null!;

    private static CancellationToken InTime => new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token;

    public async Task InitializeAsync() => _redis = await RedisServer.StartAsync();

    public async Task DisposeAsync()
    {
        _trackers.ForEach(tracker => tracker.Dispose());
        await _redis.DisposeAsync();
    }

    [Fact]
    public async Task A_redis_that_comes_back_empty_is_refilled_and_no_proxy_drops_its_engines_meanwhile()
    {
        var (worker, proxy) = (Connect(), Connect());
        var routes = new[] { SomeRoute("a"), SomeRoute("b") };
        await worker.BeginTermAsync(new(1), routes, InTime);
        await using var seen = Watched.By(proxy);
        await seen.UntilAsync(all => all is [TrackerChange.Snapshot { Complete: true, Routes.Count: 2 }]);

        await _redis.KillAsync();
        var asked = Stopwatch.StartNew();
        while (await Record.ExceptionAsync(() => proxy.FindSignInAsync(SignInKey.Of("x"), InTime)) is null)
            asked.Elapsed.ShouldBeLessThan(Soon);
        asked.Restart();
        await Should.ThrowAsync<TrackerAwayException>(proxy.FindSignInAsync(SignInKey.Of("x"), InTime));
        asked.Elapsed.ShouldBeLessThan(TimeSpan.FromMilliseconds(500), "whoever can go on without the tracker must know at once");
        await _redis.RestartAsync();

        await seen.UntilAsync(all => all[^1] is TrackerChange.Snapshot { Complete: false });
        await worker.BeginTermAsync(new(1), routes, InTime);
        await seen.UntilAsync(all => all[^1] is TrackerChange.Snapshot { Complete: true, Routes.Count: 2 });
        seen.All.OfType<TrackerChange.Snapshot>().ShouldAllBe(snapshot => !snapshot.Complete || snapshot.Routes.Count == 2);
        seen.All.OfType<TrackerChange.RouteRemoved>().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_redis_that_comes_back_with_old_data_is_not_believed_until_the_worker_has_spoken()
    {
        await using var redis = await RedisServer.StartAsync("--appendonly", "yes");
        using var tracker = Connect(redis);
        var route = SomeRoute("kept");
        await tracker.BeginTermAsync(new(3), [route], InTime);
        await using var seen = Watched.By(tracker);
        await seen.UntilAsync(all => all is [TrackerChange.Snapshot { Complete: true }]);

        await redis.RestartAsync();

        await seen.UntilAsync(all => all[^1] is TrackerChange.Snapshot { Complete: false, Routes.Count: 1 });
        await tracker.BeginTermAsync(new(3), [route], InTime);
        await seen.UntilAsync(all => all[^1] is TrackerChange.Snapshot { Complete: true, Routes.Count: 1 });
    }

    [Fact]
    public async Task An_operators_flush_is_noticed_without_any_lost_connection()
    {
        var tracker = Connect();
        await tracker.BeginTermAsync(new(1), [SomeRoute("a")], InTime);
        await using var seen = Watched.By(tracker);
        await seen.UntilAsync(all => all is [TrackerChange.Snapshot { Complete: true }]);
        await _redis.CommandAsync("FLUSHALL");
        await seen.UntilAsync(all => all[^1] is TrackerChange.Snapshot { Complete: false });
    }

    [Fact]
    public async Task Changes_told_while_the_messages_were_cut_off_arrive_all_the_same()
    {
        var (worker, proxy) = (Connect(), Connect());
        var route = SomeRoute("a");
        await worker.BeginTermAsync(new(1), [route], InTime);
        await using var seen = Watched.By(proxy);
        await seen.UntilAsync(all => all.Count == 1);
        for (var generation = 10; generation < 15; generation++)
        {
            await _redis.CommandAsync("CLIENT", "KILL", "TYPE", "pubsub");
            await worker.PublishRouteAsync(route with { Generation = generation }, new(1), InTime);
            await seen.UntilAsync(all => all[^1] switch
            {
                TrackerChange.RouteChanged changed => changed.Route.Generation == generation,
                TrackerChange.Snapshot snapshot => snapshot.Routes.Single().Generation == generation,
                _ => false,
            });
        }
    }

    [Fact]
    public async Task A_revocation_reaches_another_process_within_two_seconds()
    {
        var (api, proxy) = (Connect(), Connect());
        await using var seen = Watched.By(proxy);
        await seen.UntilAsync(all => all.Count == 1);
        var key = SignInKey.Of("stolen");
        var asked = Stopwatch.StartNew();
        await api.RevokeSignInAsync(key, InTime);
        await seen.UntilAsync(all => all.Contains(new TrackerChange.SignInRevoked(key)));
        asked.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task A_redis_that_does_not_answer_is_given_up_in_time_and_taken_up_again()
    {
        var tracker = Connect(times: new() { Limit = TimeSpan.FromMilliseconds(300), Replace = TimeSpan.FromSeconds(1), Settling = TimeSpan.Zero });
        await tracker.BeginTermAsync(new(1), [], InTime);
        _redis.Pause();
        var asked = Stopwatch.StartNew();
        await Should.ThrowAsync<TrackerAwayException>(tracker.FindSignInAsync(SignInKey.Of("x"), InTime));
        asked.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(2));
        // Long enough that the silent connection is replaced meanwhile.
        while (asked.Elapsed < TimeSpan.FromSeconds(3))
            await Should.ThrowAsync<TrackerAwayException>(tracker.FindSignInAsync(SignInKey.Of("x"), InTime));
        _redis.Resume();
        await Eventually.TrueAsync("Redis is asked again", Soon, async () =>
            await Record.ExceptionAsync(() => tracker.FindSignInAsync(SignInKey.Of("x"), InTime)) is null);
    }

    [Fact]
    public async Task A_redis_that_takes_two_seconds_for_each_command_still_serves()
    {
        var tracker = Connect();
        var route = SomeRoute("slow");
        await tracker.BeginTermAsync(new(1), [route], InTime);
        await using var seen = Watched.By(tracker);
        await seen.UntilAsync(all => all.Count == 1);
        var signIn = SomeSignIn("slow");

        await _redis.CommandAsync("CLIENT", "PAUSE", "2000", "ALL");
        await tracker.PutSignInAsync(signIn, InTime);
        await _redis.CommandAsync("CLIENT", "PAUSE", "2000", "ALL");
        (await tracker.FindSignInAsync(signIn.Key, InTime)).ShouldBe(signIn);
        await _redis.CommandAsync("CLIENT", "PAUSE", "2000", "ALL");
        await tracker.PublishRouteAsync(route with { Generation = 8 }, new(1), InTime);
        await seen.UntilAsync(all => all[^1] is TrackerChange.RouteChanged { Route.Generation: 8 });
    }

    [Fact]
    public async Task A_full_redis_refuses_sign_ins_with_a_clear_word_and_still_takes_what_keeps_engines_safe()
    {
        var (tracker, engine) = (Connect(), EngineId.New());
        var (route, kept) = (SomeRoute("full"), SomeSignIn("kept"));
        await tracker.BeginTermAsync(new(1), [route], InTime);
        await tracker.PutSignInAsync(kept, InTime);
        await _redis.ConfigSetAsync("maxmemory", "1mb");

        (await Should.ThrowAsync<TrackerAwayException>(tracker.PutSignInAsync(SomeSignIn("more"), InTime))).Message.ShouldContain("maxmemory");
        (await tracker.FindSignInAsync(kept.Key, InTime)).ShouldBe(kept);
        await tracker.ReportLeasesAsync("proxy", [new(engine, 1, TimeSpan.Zero)], InTime);
        (await tracker.GetActivityAsync(InTime))[engine].Open.ShouldBe(1);
        await tracker.PublishRouteAsync(route with { Generation = 4 }, new(1), InTime);
        await tracker.BeginTermAsync(new(2), [route], InTime);
        await tracker.RevokeSignInAsync(kept.Key, InTime);
        (await tracker.FindSignInAsync(kept.Key, InTime)).ShouldBeNull();

        await _redis.ConfigSetAsync("maxmemory", "0");
        await tracker.PutSignInAsync(SomeSignIn("more"), InTime);
    }

    [Fact]
    public async Task What_another_program_left_under_our_names_is_replaced_not_obeyed()
    {
        var (tracker, signIn) = (Connect(), SomeSignIn("mine"));
        await tracker.BeginTermAsync(new(1), [SomeRoute("a")], InTime);
        await using var seen = Watched.By(tracker);
        await seen.UntilAsync(all => all.Count == 1);
        foreach (var key in new[] { "head", "routes", "changes", "proxies", "activity", "since", "leases:proxy", $"sign-ins-of:{signIn.Key.Value}" })
            await _redis.CommandAsync("SET", $"aigc:{key}", "garbage");
        await _redis.CommandAsync("SET", $"aigc:sign-in:{signIn.Key.Value}", "garbage");
        await _redis.CommandAsync("PUBLISH", "aigc:changes", "garbage");

        await seen.UntilAsync(all => all[^1] is TrackerChange.Snapshot { Complete: false });
        (await tracker.FindSignInAsync(signIn.Key, InTime)).ShouldBeNull();
        await tracker.PutSignInAsync(signIn, InTime);
        (await tracker.FindSignInAsync(signIn.Key, InTime)).ShouldBe(signIn);
        await tracker.ReportLeasesAsync("proxy", [new(EngineId.New(), 1, TimeSpan.Zero)], InTime);
        (await tracker.GetActivityAsync(InTime)).Count.ShouldBe(1);
        await tracker.BeginTermAsync(new(1), [SomeRoute("b")], InTime);
        await seen.UntilAsync(all => all[^1] is TrackerChange.Snapshot { Complete: true, Routes: [{ Host: "b" }] });
        await _redis.CommandAsync("HSET", "aigc:routes", "x", "{]");
        using var another = Connect();
        await using var others = Watched.By(another);
        await others.UntilAsync(all => all is [TrackerChange.Snapshot { Complete: true, Routes: [{ Host: "b" }] }]);
    }

    [Fact]
    public async Task What_a_dead_proxy_held_open_is_forgotten_and_what_it_saw_is_not()
    {
        var tracker = Connect(times: new() { LeaseLifetime = TimeSpan.FromSeconds(1), Settling = TimeSpan.Zero });
        var engine = EngineId.New();
        await tracker.ReportLeasesAsync("dead", [new(engine, 5, TimeSpan.FromSeconds(7))], InTime);
        (await tracker.GetActivityAsync(InTime))[engine].Open.ShouldBe(5);
        await Eventually.TrueAsync("its requests are forgotten", Soon, async () => (await tracker.GetActivityAsync(InTime))[engine].Open == 0);
        (await tracker.GetActivityAsync(InTime))[engine].Quiet!.Value.TotalSeconds.ShouldBeInRange(7, 30);
        (await _redis.CommandAsync("EXISTS", "aigc:leases:dead")).ShouldBe(":0\r\n");
    }

    [Fact]
    public async Task Activity_in_the_future_of_a_clock_that_was_set_back_is_now()
    {
        var (tracker, engine) = (Connect(), EngineId.New());
        var tomorrow = TimeProvider.System.GetUtcNow().AddDays(1).ToUnixTimeMilliseconds();
        await _redis.CommandAsync("ZADD", "aigc:activity", $"{tomorrow}", engine.Value);
        (await tracker.GetActivityAsync(InTime))[engine].Quiet.ShouldBe(TimeSpan.Zero);
        await Eventually.TrueAsync("time goes on from now", Soon, async () => (await tracker.GetActivityAsync(InTime))[engine].Quiet > TimeSpan.Zero);
    }

    [Fact]
    public async Task A_redis_that_forgot_what_people_do_says_so_before_engines_are_put_to_sleep()
    {
        var tracker = Connect(times: new() { Settling = TimeSpan.FromSeconds(1) });
        await Should.ThrowAsync<TrackerAwayException>(tracker.GetActivityAsync(InTime));
        await Eventually.TrueAsync("it has settled", Soon, async () => await Record.ExceptionAsync(() => tracker.GetActivityAsync(InTime)) is null);
        await _redis.CommandAsync("FLUSHALL");
        await Should.ThrowAsync<TrackerAwayException>(tracker.GetActivityAsync(InTime));
    }

    private RedisTracker Connect(RedisServer? redis = null, RedisTimes? times = null)
    {
        var tracker = new RedisTracker(
            (redis ?? _redis).ConnectionString, TimeProvider.System, new TestLog(), times: times ?? new() { Settling = TimeSpan.Zero });
        _trackers.Add(tracker);
        return tracker;
    }

    private static Route SomeRoute(string host) => SessionTrackerContract.SomeRoute(host);

    private static SignIn SomeSignIn(string credential) => SessionTrackerContract.SomeSignIn(credential);
}
