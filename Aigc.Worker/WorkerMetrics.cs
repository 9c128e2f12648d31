using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Aigc.Engines.Leading;
using Aigc.Engines.Lifecycle;

namespace Aigc.Worker;

/// <summary>What the worker counts. Engines are counted by the leading worker alone, so sums over workers are right.</summary>
public sealed class WorkerMetrics : IDisposable
{
    public const string Name = "Aigc.Worker";

    public static readonly ActivitySource Source = new(Name);

    /// <summary>Seconds: from a program that is up at once to a model that loads for a quarter of an hour.</summary>
    private static readonly InstrumentAdvice<double> Wakes = new()
    {
        HistogramBucketBoundaries = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120, 300, 600, 900],
    };

    /// <summary>Seconds.</summary>
    private static readonly InstrumentAdvice<double> Looks = new()
    {
        HistogramBucketBoundaries = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    };

    private readonly Meter _meter;
    private readonly Counter<long> _wakes;
    private readonly Histogram<double> _wakeDuration;
    private readonly Histogram<double> _phaseDuration;
    private readonly Histogram<double> _reconcileLag;
    private readonly Histogram<double> _reconcileDuration;
    private readonly Counter<long> _interruptions;
    private readonly ConcurrentDictionary<EngineId, EngineState> _engines = new();
    private long _term;
    private volatile bool _leading;

    public WorkerMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(Name);
        _wakes = _meter.CreateCounter<long>("aigc.wakes", "{wake}", "Wakes that ended, by outcome.");
        _wakeDuration = _meter.CreateHistogram("aigc.wake.duration", "s", "From the wish to the engine being ready, or to its failure.", tags: null, Wakes);
        _phaseDuration = _meter.CreateHistogram("aigc.wake.phase.duration", "s", "How long one phase of a wake took.", tags: null, Wakes);
        _reconcileLag = _meter.CreateHistogram("aigc.reconcile.lag", "s", "From a change to the look at it.", tags: null, Looks);
        _reconcileDuration = _meter.CreateHistogram("aigc.reconcile.duration", "s", "How long one look at one engine took.", tags: null, Looks);
        _interruptions = _meter.CreateCounter<long>("aigc.feed.interruptions", "{interruption}", "Feeds of changes that broke off and began again.");
        _meter.CreateObservableUpDownCounter("aigc.engines", CountEngines, "{engine}", "Engines by state; told by the leading worker.");
        _meter.CreateObservableGauge("aigc.leader", () => _leading ? 1 : 0, "1", "1 while this worker leads, else 0.");
        _meter.CreateObservableGauge("aigc.leader.term", () => Interlocked.Read(ref _term), "{term}", "The newest term in which this worker led.");
    }

    public void Leads(Term term)
    {
        Interlocked.Exchange(ref _term, term.Number);
        _leading = true;
    }

    /// <summary>Another worker counts the engines from now on.</summary>
    public void LeadsNoMore()
    {
        _leading = false;
        _engines.Clear();
    }

    public void Saw(EngineId engine, EngineState state) => _engines[engine] = state;

    public void Forget(EngineId engine) => _engines.TryRemove(engine, out _);

    public void WakeEnded(string template, string outcome, TimeSpan duration)
    {
        var tags = new TagList { { "aigc.template", template }, { "aigc.outcome", outcome } };
        _wakes.Add(1, tags);
        _wakeDuration.Record(duration.TotalSeconds, tags);
    }

    public void PhaseEnded(string template, string phase, TimeSpan duration) =>
        _phaseDuration.Record(duration.TotalSeconds, new("aigc.template", template), new("aigc.phase", phase));

    /// <summary>How long a change waited in the queue.</summary>
    public void Waited(TimeSpan lag) => _reconcileLag.Record(lag.TotalSeconds);

    public void Reconciled(TimeSpan duration, bool failed) =>
        _reconcileDuration.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("aigc.outcome", failed ? "failed" : "done"));

    public void Interrupted(string feed) => _interruptions.Add(1, new KeyValuePair<string, object?>("aigc.feed", feed));

    public void Dispose() => _meter.Dispose();

    private IEnumerable<Measurement<int>> CountEngines()
    {
        if (!_leading)
            return [];
        var counts = _engines.Values.CountBy(state => state).ToDictionary();
        return Enum.GetValues<EngineState>().Select(state =>
            new Measurement<int>(counts.GetValueOrDefault(state), new KeyValuePair<string, object?>("aigc.state", state.ToString())));
    }
}
