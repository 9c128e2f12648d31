using System.Diagnostics.Metrics;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.Tracking;
using Aigc.Proxy.Leases;
using Aigc.Proxy.Routes;
using Aigc.Proxy.SignIns;
using Aigc.Proxy.Tests.Environment;
using Aigc.Proxy.Waiting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Aigc.Proxy.Tests.Leases;

public sealed class DrainingTests
{
    [Fact]
    public async Task An_engine_about_to_sleep_hears_of_its_users_at_once()
    {
        // No timer ever fires here: what is reported, the draining asked for.
        var (tracker, time) = (new MemoryTracker(), new StoppedTime());
        var routes = new RouteTable(time);
        using var api = new HttpClient();
        using var reporter = new LeaseReporter(tracker, routes, time, NullLogger<LeaseReporter>.Instance);
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var metrics = new ProxyMetrics(services.GetRequiredService<IMeterFactory>(), new(Options.Create(new WaitingOptions())), routes);
        using var watcher = new RouteWatcher(
            tracker, routes, new SignInCache(tracker, new(api), time, NullLogger<SignInCache>.Instance), reporter, metrics, time, NullLogger<RouteWatcher>.Instance);
        var route = new Route
        {
            Engine = EngineId.New(),
            Host = "demo",
            Owner = new("alice"),
            Group = new("studio"),
            Title = new("Demo"),
            State = EngineState.Ready,
            Reason = new(Reasons.Ready),
            Since = time.GetUtcNow(),
            Address = new("http://127.0.0.1:1"),
            Generation = 1,
        };
        await tracker.PublishRouteAsync(route, new(1), default);
        await reporter.StartAsync(default);
        await watcher.StartAsync(default);
        await Wait.UntilAsync(() => routes.Find("demo") is not null);
        routes.Find("demo")!.Lease.Acquire();
        // The first snapshot may have asked for a report of its own.
        tracker.Reports.Clear();

        await tracker.PublishRouteAsync(route with { Draining = true, Address = null }, new(1), default);

        await Wait.UntilAsync(() => !tracker.Reports.IsEmpty);
        tracker.Reports.Single().Open.ShouldBe(1);
        await watcher.StopAsync(default);
        await reporter.StopAsync(default);
    }

    private sealed class StoppedTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddYears(60);

        public override long GetTimestamp() => 1;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => new Never();

        private sealed class Never : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
