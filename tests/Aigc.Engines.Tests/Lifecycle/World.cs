using Aigc.Engines.Lifecycle;
using Aigc.Engines.Policies;
using Aigc.Engines.Templates;
using Aigc.Engines.Tracking;

namespace Aigc.Engines.Tests.Lifecycle;

/// <summary>
/// One engine in a world of its own: the rows as the stores write them, a program that may be slow, crash or ignore a stop,
/// a reconciler and a sleep sweep that act on <see cref="Reconciler.Next"/> and <see cref="Idleness"/>, and a clock.
/// What must never happen is thrown the moment it happens.
/// </summary>
internal sealed class World
{
    public static readonly Template Template = new()
    {
        Name = "demo",
        Title = new("Demo"),
        Description = new(""),
        Version = "1",
        IdleTimeout = TimeSpan.FromSeconds(60),
        StartTimeout = TimeSpan.FromSeconds(40),
        StopTimeout = TimeSpan.FromSeconds(10),
    };

    private static readonly IdlePolicy Policy = new([new(Template.IdleRule, PolicySource.Default)], TimeZoneInfo.Utc);

    private sealed class Program
    {
        public required string Uid;
        public required long Generation;
        public required DateTimeOffset StartedAt;
        public DateTimeOffset PhaseSince;
        public DateTimeOffset? ProbedAt;
        public ComputePhase Phase = ComputePhase.Running;
        public bool Listening, Answers, EverReady, IgnoresStop, Busy;
    }

    private readonly DateTimeOffset _start = DateTimeOffset.UnixEpoch.AddYears(50);
    private Program? _program;
    private int _starts;
    private (long Generation, DateTimeOffset Since)? _drain;
    private DateTimeOffset? _lastActivity;
    private DateTimeOffset? _lastBusy;
    private int _open;

    public World()
    {
        Now = _start;
        Engine = new Engine
        {
            Id = EngineId.New(),
            Owner = new("alice"),
            Group = new("art"),
            Template = "demo",
            TemplateVersion = "1",
            Host = "demo-alice",
            Desired = Desired.Asleep,
            DesiredReason = new(Reasons.Created),
            Generation = 1,
            CreatedAt = Now,
            StateSince = Now,
        };
    }

    public DateTimeOffset Now { get; private set; }
    public Engine? Engine { get; private set; }
    public bool HasCompute => _program is not null;

    /// <summary>What metering recorded, and what really was.</summary>
    public Dictionary<string, (DateTimeOffset From, DateTimeOffset? To)> Metered { get; } = [];
    public Dictionary<string, (DateTimeOffset From, DateTimeOffset? To)> Lived { get; } = [];

    public void Visit() => Ask(engine => engine.Desired == Desired.Deleted ? engine : (engine.Desired != Desired.Awake || Failed(engine)
        ? engine with { Desired = Desired.Awake, DesiredReason = new(Reasons.Visit), Generation = engine.Generation + 1, LastVisit = Now }
        : engine with { LastVisit = Now }));

    public void Sleep() => Ask(engine => engine.Desired != Desired.Awake ? engine
        : engine with { Desired = Desired.Asleep, DesiredReason = new(Reasons.SleepAsked), Generation = engine.Generation + 1 });

    public void Restart() => Ask(engine => engine.Desired == Desired.Deleted ? engine : engine with
    {
        Desired = Desired.Awake,
        Generation = engine.Generation + 1,
        RestartGeneration = engine.Generation + 1,
        LastVisit = Now,
    });

    public void Delete() => Ask(engine => engine with { Desired = Desired.Deleted, Generation = engine.Generation + 1 });

    public void Listen() => With(program => program.Listening = true);

    public void Answer() => With(program => program.Listening = program.Answers = true);

    public void BeginJob() => With(program => program.Busy = program.EverReady);

    public void EndJob() => With(program => program.Busy = false);

    public void IgnoreStops() => With(program => program.IgnoresStop = true);

    public void OpenRequest()
    {
        if (Engine?.State == EngineState.Ready && _drain is null)
            _open = 1;
    }

    public void CloseRequest()
    {
        if (_open > 0)
            _lastActivity = Now;
        _open = 0;
    }

    public void Crash()
    {
        if (_program is not null)
            End(_program);
    }

    /// <summary>Everything in memory is lost: drains, what the busy probe said, what the readiness probe saw.</summary>
    public void RestartWorker()
    {
        _drain = null;
        _lastBusy = Now;
        if (_program is not null)
            _program.EverReady = Engine?.RuntimeUid == _program.Uid && Engine.ReadyAt is not null;
    }

    public void Advance(TimeSpan time)
    {
        for (var end = Now + time; Now < end;)
        {
            Now += TimeSpan.FromSeconds(1);
            if (_program is { Busy: true })
                _lastBusy = Now;
            if (_open > 0)
                _lastActivity = Now;
            Sweep();
            Settle();
        }
    }

    public void Settle()
    {
        for (var looks = 0; Look(); looks++)
        {
            if (looks > 20)
                throw new InvalidOperationException($"Never comes to rest: {Engine}");
        }
    }

    /// <returns>Whether to look again at once.</returns>
    private bool Look()
    {
        if (Engine is null)
            return false;
        var observed = _program is null
            ? new Observed(ComputePhase.None, Now)
            : new Observed(_program.Phase, _program.PhaseSince, _program.Generation, _program.Listening, _program.EverReady, ProbedAt: _program.ProbedAt);
        var decision = Reconciler.Next(Engine, observed, Template, Now);
        Note(decision);
        return Do(decision);
    }

    private void Note(Decision decision)
    {
        var readyAt = decision.State != EngineState.Ready ? null
            : Engine!.State == EngineState.Ready && Engine.RuntimeUid == _program?.Uid ? Engine.ReadyAt : Now;
        Engine = Engine! with
        {
            StateSince = Engine.State == decision.State ? Engine.StateSince : Now,
            State = decision.State,
            Reason = decision.Reason,
            ObservedGeneration = Engine.Generation,
            RuntimeUid = _program?.Uid,
            ReadyAt = readyAt,
        };
        if (decision.State == EngineState.Ready && _program is not { Phase: ComputePhase.Running, EverReady: true })
            throw new InvalidOperationException("Shown as ready without a ready program.");
    }

    private bool Do(Decision decision)
    {
        switch (decision.Step)
        {
            case Step.Start:
                if (_program is not null)
                    throw new InvalidOperationException("Started twice.");
                if (Engine!.Desired != Desired.Awake)
                    throw new InvalidOperationException("Started an engine that nobody wants awake.");
                _program = new Program { Uid = $"run-{++_starts}", Generation = Engine.Generation, StartedAt = Now, PhaseSince = Now };
                Lived[_program.Uid] = Metered[_program.Uid] = (Now, null);
                return true;
            case Step.Probe:
                var isNew = _program!.ProbedAt != Now;
                (_program.ProbedAt, _program.EverReady) = (Now, _program.Answers);
                return isNew || _program.EverReady;
            case Step.Stop:
                _program!.Phase = ComputePhase.Stopping;
                _program.PhaseSince = Now;
                if (!_program.IgnoresStop)
                    End(_program);
                return true;
            case Step.Kill:
                End(_program!);
                return true;
            case Step.Release:
                Metered[_program!.Uid] = (Metered[_program.Uid].From, Lived[_program.Uid].To);
                _program = null;
                _open = 0;
                return true;
            case Step.Remove:
                if (_program is not null)
                    throw new InvalidOperationException("Removed with compute still there.");
                Engine = null;
                return false;
            default:
                return false;
        }
    }

    private void Sweep()
    {
        if (Engine is not { State: EngineState.Ready, Desired: Desired.Awake } engine || _program is null)
            return;
        if (_drain is { } voided && (voided.Generation != engine.Generation || engine.LastVisit >= voided.Since))
            _drain = null;
        var usage = new Usage(
            engine.ReadyAt!.Value, _open, _lastActivity, _program.Busy ? Busy.Busy : Busy.Idle, Now, _lastBusy, engine.LastVisit, engine.KeepAwakeUntil);
        var sleepsAt = Idleness.Look(usage, Policy, Now).SleepsAt;
        if (sleepsAt is null || sleepsAt > Now)
        {
            _drain = null;
        }
        else if (_drain is null)
        {
            _drain = (engine.Generation, Now);
        }
        else if (Now - _drain.Value.Since >= TimeSpan.FromSeconds(3) && engine.Generation == _drain.Value.Generation)
        {
            if (_program.Busy || _open > 0)
                throw new InvalidOperationException("Put to sleep while at work.");
            if (engine.LastVisit + Template.IdleTimeout > Now || engine.ReadyAt + Template.IdleTimeout > Now || _lastActivity + Template.IdleTimeout > Now)
                throw new InvalidOperationException("Put to sleep before the idle timeout.");
            Engine = engine with { Desired = Desired.Asleep, DesiredReason = new(Reasons.Idle), Generation = engine.Generation + 1 };
            _drain = null;
        }
    }

    private void End(Program program)
    {
        program.Phase = ComputePhase.Exited;
        program.PhaseSince = Now;
        program.Busy = false;
        Lived[program.Uid] = Lived[program.Uid] is (var from, null) ? (from, Now) : Lived[program.Uid];
    }

    private void Ask(Func<Engine, Engine> change)
    {
        if (Engine is not null)
            Engine = change(Engine);
    }

    private void With(Action<Program> change)
    {
        if (_program is { Phase: ComputePhase.Running })
            change(_program);
    }

    private static bool Failed(Engine engine) => engine.State == EngineState.Failed && engine.ObservedGeneration == engine.Generation;
}
