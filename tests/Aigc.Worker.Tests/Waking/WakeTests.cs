using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Aigc.Engines.Lifecycle;
using Aigc.Worker.Waking;

namespace Aigc.Worker.Tests.Waking;

/// <summary>Whoever looks into why a visit took so long finds each phase of the wake in the visit's own trace.</summary>
public sealed class WakeTests : IDisposable
{
    private const string Visit = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    private static readonly DateTimeOffset Began = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly EngineId _id = new(Guid.NewGuid().ToString("N"));
    private readonly ConcurrentQueue<Activity> _ended = [];
    private readonly ActivityListener _listener;
    private readonly Meters _meters = new();
    private readonly WorkerMetrics _metrics;
    private readonly Clock _clock = new() { Now = Began };
    private readonly Wakes _wakes;

    public WakeTests()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == WorkerMetrics.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _ended.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
        _metrics = new(_meters);
        _wakes = new(_metrics, _clock);
    }

    [Fact]
    public void A_wake_is_one_span_in_the_visits_trace_with_its_phases_below_it()
    {
        Look(1, Engine(EngineState.Asleep, "visit", observed: 1), EngineState.Queued, Reasons.Queued);
        Look(4, Engine(EngineState.Queued, Reasons.Queued), EngineState.Starting, Reasons.Starting);
        Look(9, Engine(EngineState.Starting, Reasons.Starting), EngineState.Starting, Reasons.Loading);
        Look(12, Engine(EngineState.Starting, Reasons.Loading), EngineState.Ready, Reasons.Ready);

        var wake = Spans().Single(span => span.OperationName == "engine wake");
        wake.TraceId.ToHexString().ShouldBe("0af7651916cd43dd8448eb211c80319c");
        wake.ParentSpanId.ToHexString().ShouldBe("b7ad6b7169203331");
        wake.Duration.ShouldBe(TimeSpan.FromSeconds(12));
        Spans().Where(span => span.ParentSpanId == wake.SpanId).Select(span => (span.OperationName, span.Duration.TotalSeconds))
            .ShouldBe([("queued", 4), ("starting", 5), ("loading", 3)]);
    }

    [Fact]
    public void What_a_look_logs_belongs_to_the_trace()
    {
        _wakes.Enter(Engine(EngineState.Asleep, "visit", observed: 1));
        Activity.Current.ShouldNotBeNull().TraceId.ToHexString().ShouldBe("0af7651916cd43dd8448eb211c80319c");
        Activity.Current.Recorded.ShouldBeTrue();
        Activity.Current = null;
    }

    [Fact]
    public void A_failed_wake_says_why()
    {
        Look(1, Engine(EngineState.Asleep, "visit", observed: 1), EngineState.Starting, Reasons.Starting);
        Look(2, Engine(EngineState.Starting, Reasons.Starting), EngineState.Failed, Reasons.Exited);

        var wake = Spans().Single(span => span.OperationName == "engine wake");
        wake.Status.ShouldBe(ActivityStatusCode.Error);
        wake.GetTagItem("error.type").ShouldBe(Reasons.Exited);
        Spans().Single(span => span.OperationName == "starting").Status.ShouldBe(ActivityStatusCode.Error);
    }

    [Fact]
    public void A_wake_that_nobody_wants_any_more_ends_as_cancelled()
    {
        Look(1, Engine(EngineState.Asleep, "visit", observed: 1), EngineState.Starting, Reasons.Starting);
        Look(2, Engine(EngineState.Starting, Reasons.Starting) with { Desired = Desired.Asleep, Generation = 3 }, EngineState.Stopping, "sleep-asked");

        Spans().Single(span => span.OperationName == "engine wake").GetTagItem("aigc.outcome").ShouldBe("cancelled");
    }

    [Fact]
    public void The_next_worker_goes_on_with_the_trace_of_a_wake_it_finds()
    {
        Look(5, Engine(EngineState.Starting, Reasons.Loading) with { StateSince = Began.AddSeconds(2) }, EngineState.Ready, Reasons.Ready);

        var wake = Spans().Single(span => span.OperationName == "engine wake");
        wake.TraceId.ToHexString().ShouldBe("0af7651916cd43dd8448eb211c80319c");
        wake.Duration.ShouldBe(TimeSpan.FromSeconds(3));
    }

    [Fact]
    public void An_engine_that_crashed_starts_again_in_a_trace_of_its_own_linked_to_the_visit()
    {
        Look(50, Engine(EngineState.Ready, Reasons.Ready) with { ReadyAt = Began }, EngineState.Starting, Reasons.CrashedRestarting);
        Look(55, Engine(EngineState.Starting, Reasons.CrashedRestarting), EngineState.Ready, Reasons.Ready);

        var wake = Spans().Single(span => span.OperationName == "engine wake");
        wake.TraceId.ToHexString().ShouldNotBe("0af7651916cd43dd8448eb211c80319c");
        wake.Links.ShouldHaveSingleItem().Context.TraceId.ToHexString().ShouldBe("0af7651916cd43dd8448eb211c80319c");
    }

    [Fact]
    public void An_engine_that_is_ready_and_stays_so_is_no_wake()
    {
        Look(1, Engine(EngineState.Ready, Reasons.Ready) with { ReadyAt = Began }, EngineState.Ready, Reasons.Ready);
        Spans().ShouldBeEmpty();
    }

    public void Dispose()
    {
        _listener.Dispose();
        _metrics.Dispose();
        _meters.Dispose();
    }

    /// <summary>Other tests' workers trace too.</summary>
    private IReadOnlyList<Activity> Spans()
    {
        var wake = _ended.FirstOrDefault(span => (string?)span.GetTagItem("aigc.engine.id") == _id.Value);
        return wake is null ? [] : [.. _ended.Where(span => span == wake || span.ParentSpanId == wake.SpanId)];
    }

    private void Look(int second, Engine engine, EngineState state, string reason)
    {
        _clock.Now = Began.AddSeconds(second);
        _wakes.Enter(engine);
        Activity.Current = null;
        _wakes.Note(engine with { State = state, Reason = new(reason), ObservedGeneration = engine.Generation, ReadyAt = null });
    }

    private Engine Engine(EngineState state, string reason, long observed = 2) => new()
    {
        Id = _id,
        Owner = new("alice"),
        Group = new("art"),
        Template = "demo",
        TemplateVersion = "1",
        Host = "demo-alice",
        Desired = Desired.Awake,
        DesiredReason = new("visit"),
        Generation = 2,
        ObservedGeneration = observed,
        LastVisit = Began,
        CreatedAt = Began,
        StateSince = Began,
        State = state,
        Reason = new(reason),
        TraceParent = Visit,
    };

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now;
    }

    private sealed class Meters : IMeterFactory
    {
        private readonly List<Meter> _meters = [];

        public Meter Create(MeterOptions options)
        {
            var meter = new Meter(options);
            _meters.Add(meter);
            return meter;
        }

        public void Dispose() => _meters.ForEach(meter => meter.Dispose());
    }
}
