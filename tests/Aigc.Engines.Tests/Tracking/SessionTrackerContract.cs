using Aigc.Engines.Leading;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.People;
using Aigc.Engines.Tracking;

namespace Aigc.Engines.Tests.Tracking;

/// <summary>What every session tracker must do. Two instances stand for two services.</summary>
public abstract class SessionTrackerContract
{
    protected abstract ISessionTracker Here { get; }

    protected abstract ISessionTracker There { get; }

    protected static CancellationToken InTime => new CancellationTokenSource(TimeSpan.FromSeconds(20)).Token;

    [Fact]
    public async Task A_watcher_sees_what_was_and_what_comes_or_people_are_sent_to_dead_engines()
    {
        var (first, second) = (SomeRoute("first"), SomeRoute("second"));
        await Here.BeginTermAsync(new(1), [first], InTime);
        await using var changes = There.WatchAsync(InTime).GetAsyncEnumerator();

        (await NextAsync(changes)).ShouldBeOfType<TrackerChange.Snapshot>().Routes.ShouldHaveSingleItem().ShouldBeEquivalentTo(first);
        await Here.PublishRouteAsync(second, new(1), InTime);
        (await NextAsync(changes)).ShouldBeOfType<TrackerChange.RouteChanged>().Route.ShouldBeEquivalentTo(second);
        await Here.RemoveRouteAsync(first.Engine, new(1), InTime);
        (await NextAsync(changes)).ShouldBe(new TrackerChange.RouteRemoved(first.Engine));
    }

    [Fact]
    public async Task A_tracker_that_no_worker_has_told_is_not_taken_for_a_product_without_engines()
    {
        await using var changes = There.WatchAsync(InTime).GetAsyncEnumerator();
        (await NextAsync(changes)).ShouldBeOfType<TrackerChange.Snapshot>().Complete.ShouldBeFalse();
        var routes = Enumerable.Range(0, 1_200).Select(i => SomeRoute($"engine-{i}")).ToList();

        await Here.BeginTermAsync(new(1), routes, InTime);

        var all = (await NextAsync(changes)).ShouldBeOfType<TrackerChange.Snapshot>();
        all.Complete.ShouldBeTrue();
        all.Routes.Count.ShouldBe(routes.Count);
    }

    [Fact]
    public async Task A_new_term_replaces_all_routes_in_one_step_and_without_a_moment_of_none()
    {
        var (gone, kept) = (SomeRoute("gone"), SomeRoute("kept"));
        await Here.BeginTermAsync(new(1), [gone, kept], InTime);
        await using var changes = There.WatchAsync(InTime).GetAsyncEnumerator();
        await NextAsync(changes);

        await Here.BeginTermAsync(new(2), [kept with { Generation = 9 }], InTime);
        (await NextAsync(changes)).ShouldBeOfType<TrackerChange.Snapshot>().Routes.ShouldHaveSingleItem().Generation.ShouldBe(9);
        await Here.BeginTermAsync(new(3), [], InTime);
        var none = (await NextAsync(changes)).ShouldBeOfType<TrackerChange.Snapshot>();
        none.Routes.ShouldBeEmpty();
        none.Complete.ShouldBeTrue();
        await Should.ThrowAsync<NotLeadingException>(There.BeginTermAsync(new(2), [gone], InTime));
    }

    [Fact]
    public async Task Who_read_a_sign_in_before_it_was_revoked_can_not_bring_it_back()
    {
        var parent = SomeSignIn("parent");
        var child = SomeSignIn("child") with { Parent = parent.Key };
        await Here.RevokeSignInAsync(parent.Key, InTime);

        await There.PutSignInAsync(parent, InTime);
        await There.PutSignInAsync(child, InTime);

        (await Here.FindSignInAsync(parent.Key, InTime)).ShouldBeNull();
        (await Here.FindSignInAsync(child.Key, InTime)).ShouldBeNull();
    }

    [Fact]
    public async Task A_revoked_sign_in_is_gone_everywhere_with_its_children()
    {
        var parent = SomeSignIn("parent");
        var child = SomeSignIn("child") with { Parent = parent.Key, Engine = EngineId.New(), Kind = SignInKind.EngineHost };
        await Here.PutSignInAsync(parent, InTime);
        await Here.PutSignInAsync(child, InTime);
        (await There.FindSignInAsync(child.Key, InTime)).ShouldBe(child);
        await using var changes = There.WatchAsync(InTime).GetAsyncEnumerator();
        await NextAsync(changes);

        await Here.RevokeSignInAsync(parent.Key, InTime);

        (await NextAsync(changes)).ShouldBe(new TrackerChange.SignInRevoked(parent.Key));
        (await There.FindSignInAsync(parent.Key, InTime)).ShouldBeNull();
        (await There.FindSignInAsync(child.Key, InTime)).ShouldBeNull();
    }

    [Fact]
    public async Task Of_two_who_share_a_sign_in_the_newer_word_stays_and_everybody_hears_of_it()
    {
        var before = SomeSignIn("signed-in");
        var after = before with { Role = Role.Admin, Revision = 1 };
        await using var changes = There.WatchAsync(InTime).GetAsyncEnumerator();
        await NextAsync(changes);
        await Here.PutSignInAsync(before, InTime);
        await Here.PutSignInAsync(after, InTime);
        await There.PutSignInAsync(before, InTime);
        (await There.FindSignInAsync(before.Key, InTime)).ShouldBe(after);
        await Here.TellPersonChangedAsync(before.User, InTime);
        (await NextAsync(changes)).ShouldBe(new TrackerChange.PersonChanged(before.User));
    }

    [Fact]
    public async Task An_expired_sign_in_opens_nothing()
    {
        var signIn = SomeSignIn("late") with { ExpiresAt = TimeProvider.System.GetUtcNow().AddSeconds(-1) };
        await Here.PutSignInAsync(signIn, InTime);
        (await There.FindSignInAsync(signIn.Key, InTime)).ShouldBeNull();
    }

    [Fact]
    public async Task Of_many_who_redeem_a_code_at_once_one_gets_it()
    {
        var code = new OneTimeCode(SignInKey.Of("code"), EngineId.New(), "browser", SignInKey.Of("s"), TimeProvider.System.GetUtcNow().AddMinutes(1));
        await Here.PutCodeAsync(code, InTime);
        var taken = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => (i % 2 == 0 ? Here : There).TakeCodeAsync(code.Key, InTime))));
        taken.Count(one => one is not null).ShouldBe(1);
    }

    [Fact]
    public async Task An_engine_that_is_gone_leaves_no_activity_behind()
    {
        var route = SomeRoute("gone");
        await Here.BeginTermAsync(new(1), [route], InTime);
        await There.ReportLeasesAsync("one", [new(route.Engine, 1, TimeSpan.Zero)], InTime);
        await Here.RemoveRouteAsync(route.Engine, new(1), InTime);
        (await Here.GetActivityAsync(InTime)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_stale_code_is_worth_nothing()
    {
        var code = new OneTimeCode(SignInKey.Of("old"), EngineId.New(), "browser", SignInKey.Of("s"), TimeProvider.System.GetUtcNow().AddSeconds(-1));
        await Here.PutCodeAsync(code, InTime);
        (await There.TakeCodeAsync(code.Key, InTime)).ShouldBeNull();
    }

    [Fact]
    public async Task Leases_of_all_proxies_add_up_and_the_newest_activity_counts()
    {
        var engine = EngineId.New();
        await Here.ReportLeasesAsync("one", [new(engine, 2, TimeSpan.FromSeconds(90))], InTime);
        await There.ReportLeasesAsync("two", [new(engine, 1, TimeSpan.FromSeconds(30))], InTime);
        var together = (await Here.GetActivityAsync(InTime))[engine];
        together.Open.ShouldBe(3);
        together.Quiet!.Value.TotalSeconds.ShouldBeInRange(30, 60);

        await Here.ReportLeasesAsync("one", [new(engine, 0, null)], InTime);
        var left = (await Here.GetActivityAsync(InTime))[engine];
        left.Open.ShouldBe(1);
        left.Quiet!.Value.TotalSeconds.ShouldBeInRange(30, 60);
    }

    [Fact]
    public async Task A_worker_that_leads_no_more_can_not_change_routes()
    {
        var route = SomeRoute("paused");
        await Here.PublishRouteAsync(route, new(2), InTime);
        await Should.ThrowAsync<NotLeadingException>(There.PublishRouteAsync(route with { Generation = 99 }, new(1), InTime));
        await Should.ThrowAsync<NotLeadingException>(There.RemoveRouteAsync(route.Engine, new(1), InTime));
        await using var changes = There.WatchAsync(InTime).GetAsyncEnumerator();
        await changes.MoveNextAsync();
        changes.Current.ShouldBeOfType<TrackerChange.Snapshot>().Routes.ShouldHaveSingleItem().Generation.ShouldBe(route.Generation);
    }

    internal static Route SomeRoute(string host) => new()
    {
        Engine = EngineId.New(),
        Host = host,
        Owner = new("alice"),
        Group = new("art"),
        Title = new("Demo", "演示"),
        State = EngineState.Ready,
        Reason = new(Reasons.Ready),
        Since = DateTimeOffset.UnixEpoch.AddYears(55),
        Address = new("http://127.0.0.1:5000"),
        Generation = 3,
        Activity = new(new List<string> { "/queue" }, true),
    };

    internal static SignIn SomeSignIn(string credential) => new()
    {
        Key = SignInKey.Of(credential),
        Kind = SignInKind.Dashboard,
        User = new("alice"),
        UserName = "alice",
        Name = "Alice",
        Group = new("art"),
        ExpiresAt = DateTimeOffset.FromUnixTimeMilliseconds(TimeProvider.System.GetUtcNow().AddHours(1).ToUnixTimeMilliseconds()),
    };

    protected static async Task<TrackerChange> NextAsync(IAsyncEnumerator<TrackerChange> changes)
    {
        (await changes.MoveNextAsync()).ShouldBeTrue();
        return changes.Current;
    }
}
