using System.Diagnostics;
using Aigc.Engines.Lifecycle;

namespace Aigc.Worker.Waking;

/// <summary>One wake of one engine on its way: its span, and the phase it is in.</summary>
internal sealed class Wake
{
    private readonly string _template;
    private readonly WorkerMetrics _metrics;
    private string _phase;
    private DateTimeOffset _phaseSince;

    /// <param name="parent">The trace of who asked for it.</param>
    /// <param name="isAnswer">False when the engine starts again by itself: then it is a trace of its own, linked to that of the wake before.</param>
    public Wake(Engine engine, string phase, DateTimeOffset began, ActivityContext parent, bool isAnswer, WorkerMetrics metrics)
    {
        (Generation, Began, _template, _phase, _phaseSince, _metrics) = (engine.Generation, began, engine.Template, phase, began, metrics);
        // The span outlives this call, so it must not become the parent of whatever comes next here.
        var current = Activity.Current;
        Activity.Current = null;
        Span = WorkerMetrics.Source.StartActivity(
            "engine wake", ActivityKind.Internal, isAnswer ? parent : default,
            [
                new("aigc.engine.id", engine.Id.Value), new("aigc.engine.host", engine.Host), new("aigc.template", engine.Template),
                new("aigc.generation", engine.Generation), new("aigc.reason", isAnswer ? engine.DesiredReason.Code : engine.Reason.Code),
            ],
            isAnswer || parent == default ? null : [new(parent)], began);
        Activity.Current = current;
    }

    public long Generation { get; }

    public DateTimeOffset Began { get; }

    /// <summary>Null when nobody traces.</summary>
    public Activity? Span { get; }

    public void Enter(string phase, DateTimeOffset now)
    {
        if (phase == _phase)
            return;
        EndPhase(now, null);
        (_phase, _phaseSince) = (phase, now);
    }

    /// <param name="outcome">ready, failed or cancelled.</param>
    /// <param name="reason">Why it failed.</param>
    public void End(string outcome, string? reason, DateTimeOffset now)
    {
        EndPhase(now, reason);
        _metrics.WakeEnded(_template, outcome, now - Began);
        Span?.SetTag("aigc.outcome", outcome);
        Finish(Span, now, reason);
    }

    private void EndPhase(DateTimeOffset now, string? error)
    {
        _metrics.PhaseEnded(_template, _phase, now - _phaseSince);
        if (Span is null)
            return;
        var current = Activity.Current;
        Activity.Current = null;
        var span = WorkerMetrics.Source.StartActivity(_phase, ActivityKind.Internal, Span.Context, startTime: _phaseSince);
        Finish(span, now, error);
        Activity.Current = current;
    }

    private static void Finish(Activity? span, DateTimeOffset now, string? error)
    {
        if (span is null)
            return;
        if (error is not null)
            span.SetStatus(ActivityStatusCode.Error, error).SetTag("error.type", error);
        var current = Activity.Current;
        span.SetEndTime(now.UtcDateTime);
        span.Stop();
        Activity.Current = ReferenceEquals(current, span) ? null : current;
    }
}
