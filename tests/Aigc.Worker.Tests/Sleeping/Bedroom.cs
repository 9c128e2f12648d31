using Aigc.Engines.Auditing;
using Aigc.Engines.Gateway;
using Aigc.Engines.Leading;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.Policies;
using Aigc.Engines.Storage;
using Aigc.Engines.Templates;
using Aigc.Engines.Tracking;
using Aigc.Worker.Leading;
using Aigc.Worker.Reconciling;
using Aigc.Worker.Sleeping;
using Aigc.Worker.Tests.Probes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Aigc.Worker.Tests.Sleeping;

/// <summary>One ready engine over a real database, tracker and HTTP server, and the sweep, whose seconds pass when the test says so.</summary>
internal sealed class Bedroom : IAsyncDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly string _folder;
    private readonly ManualClock _clock = new();
    private readonly BusyProbes _probes = new();
    private readonly AwakeEngines _awake = new();
    private readonly Database _database;
    private readonly PendingWork<EngineId> _queue;
    private readonly IdlePolicies _policies;
    private readonly Term _term;
    private readonly Template _template;
    private readonly EngineId _id = EngineId.New();
    private readonly WebApplication _engine;
    private readonly FileTracker _tracker;
    private readonly OutlookStore _outlooks;
    private readonly MeterStore _meters;
    private readonly Allocator _pools;
    private SleepSweep _sweep = null!;

    private Bedroom(string folder, Database database, Term term, Template template, WebApplication engine)
    {
        (_folder, _database, _term, _template, _engine) = (folder, database, term, template, engine);
        Engines = new(database, _clock);
        Rules = new(database, _clock);
        _outlooks = new(database);
        _meters = new(database, _clock);
        _tracker = new($"Data Source={_folder}/tracker.db", _clock);
        _queue = new(_clock);
        _pools = new(null, _queue, _clock);
        _policies = new(Rules, Options.Create(new StudioOptions { TimeZone = "UTC" }));
    }

    public EngineStore Engines { get; }

    public RuleStore Rules { get; }

    /// <summary>What its queue says when it is asked; null: 500.</summary>
    public string? Says { get; set; } = """{"queue_running":[],"queue_pending":[]}""";

    public DateTimeOffset Now => _clock.GetUtcNow();

    /// <param name="woken">Why it was woken.</param>
    public static async Task<Bedroom> NewAsync(Func<Template, Template>? with = null, string woken = Reasons.Visit)
    {
        var folder = Directory.CreateTempSubdirectory("aigc-bedroom-").FullName;
        var database = Database.FromConnectionString($"Data Source={folder}/database.db", TimeProvider.System);
        await database.MigrateAsync(None);
        var term = (await new LeaderLease(database, "test").TakeAsync(null, None))!.Value;
        Bedroom? room = null;
        var (app, address) = await Backend.StartAsync(app => app.MapGet("/queue", () =>
            room!.Says is { } said ? Microsoft.AspNetCore.Http.Results.Text(said) : Microsoft.AspNetCore.Http.Results.StatusCode(500)));
        var template = new Template
        {
            Name = "test",
            Title = new("Test"),
            Description = new("Test"),
            Version = "1",
            Local = new("true", [], new Dictionary<string, string>()),
            Busy = new(BusyProbeKind.ComfyUi),
            IdleTimeout = TimeSpan.FromMinutes(20),
        };
        template = with?.Invoke(template) ?? template;
        room = new(folder, database, term, template, app);
        await room.BeginAsync(address, woken);
        return room;
    }

    public async Task<Engine> EngineAsync() => (await Engines.FindAsync(_id, None))!;

    public async Task<Outlook?> OutlookAsync() => (await EngineAsync()).Outlook;

    /// <summary>Somebody uses it, as a proxy reports.</summary>
    public Task UseAsync(int open = 0) => _tracker.ReportLeasesAsync("proxy", [new(_id, open, TimeSpan.Zero)], None);

    /// <summary>What is known of when somebody came to an engine that was woken ahead.</summary>
    public async Task<EarlySession> EarlyAsync() => (await new HabitStore(_database).ListEarlyAsync(default, None)).Single();

    public async Task LayDownAsync(string body)
    {
        await Rules.SaveAsync(new(RuleKind.Idle, RuleScope.Group, "film", body), Actor.Gateway, None);
        _policies.Forget();
    }

    public async Task KeepAwakeAsync(TimeSpan time)
    {
        await Engines.KeepAwakeAsync(_id, Now + time, None);
        await NoteAsync();
    }

    /// <summary>A sweep each second, or each so many.</summary>
    public async Task PassAsync(TimeSpan time, int step = 1)
    {
        for (var end = Now + time; Now < end;)
        {
            _clock.Advance(TimeSpan.FromSeconds(step));
            await _sweep.SweepAsync(None);
            await NoteAsync();
        }
    }

    /// <summary>Another worker leads.</summary>
    public void NewLeader()
    {
        var term = new TermScope();
        term.Begin(_term, afterOutage: false);
        _sweep = new(
            _awake, _tracker, new(term, _clock), new(_probes.Prober, new(_meters, _term), _clock), _policies, _pools, new(_outlooks, _term, _clock), Engines, new(), new(_meters, _term), new(new(_database), _term, _clock), _term, _queue, _clock,
            NullLogger<SleepSweep>.Instance);
    }

    private async Task BeginAsync(Uri address, string woken)
    {
        await Engines.CreateAsync(
            Engine.Taken(new("alice"), new("film"), _template.Name, "1", "test-alice", Now, _id), Actor.Gateway, None);
        // A tracker that is new says nothing for a while.
        await _tracker.ReportLeasesAsync("proxy", [new(woken == Reasons.Habit ? EngineId.New() : _id, 0, TimeSpan.Zero)], None);
        _clock.Advance(TimeSpan.FromSeconds(30));
        var awake = await Engines.WakeAsync(_id, new(woken), retry: false, Actor.Gateway, None);
        await new ObservedStore(_database, _clock).WriteAsync(
            _id, new(EngineState.Ready, new(Reasons.Ready), awake!.Generation, "uid", address, Now), _term, None);
        if (woken != Reasons.Habit)
            await UseAsync();
        await NoteAsync();
        NewLeader();
    }

    private async Task NoteAsync() => _awake.Note(await EngineAsync(), _template);

    public async ValueTask DisposeAsync()
    {
        _queue.Dispose();
        _probes.Dispose();
        await _engine.DisposeAsync();
        await _database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
