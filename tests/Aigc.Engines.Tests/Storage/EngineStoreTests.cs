using Aigc.Engines.Leading;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.People;
using Aigc.Engines.Storage;

namespace Aigc.Engines.Tests.Storage;

public sealed class EngineStoreTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private Database _database = null!;
    private EngineStore _engines = null!;
    private ObservedStore _observed = null!;
    private Term _term;

    private static CancellationToken InTime => new CancellationTokenSource(TimeSpan.FromSeconds(20)).Token;

    public async Task InitializeAsync()
    {
        _database = Database.FromConnectionString(_folder.ConnectionString("database"), TimeProvider.System);
        _engines = new(_database, TimeProvider.System);
        _observed = new(_database, TimeProvider.System);
        await _database.MigrateAsync(InTime);
        _term = (await new LeaderLease(_database, "test").TakeAsync(null, InTime))!.Value;
    }

    public Task DisposeAsync()
    {
        _folder.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Several_services_that_start_at_once_migrate_once()
    {
        using var folder = new TemporaryFolder();
        var databases = Enumerable.Range(0, 6).Select(_ => Database.FromConnectionString(folder.ConnectionString("d"), TimeProvider.System));
        await Task.WhenAll(databases.Select(database => Task.Run(() => database.MigrateAsync(InTime))));
    }

    [Fact]
    public async Task A_thousand_visits_make_one_wake()
    {
        var engine = await CreateAsync();
        await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => Task.Run(() => _engines.WakeAsync(engine.Id, new(Reasons.Visit), true, null, InTime))));
        var after = await FindAsync(engine.Id);
        after.Desired.ShouldBe(Desired.Awake);
        after.Generation.ShouldBe(engine.Generation + 1);
    }

    [Fact]
    public async Task A_visit_after_the_drain_began_voids_the_sleep()
    {
        var engine = await CreateAsync();
        var awake = (await _engines.WakeAsync(engine.Id, new(Reasons.Visit), false, null, InTime))!;
        (await _engines.SleepIfIdleAsync(awake with { LastVisit = awake.LastVisit!.Value.AddSeconds(-1) }, _term, InTime)).ShouldBeNull();
        (await _engines.SleepIfIdleAsync(awake, _term, InTime)).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_wake_after_the_sweep_looked_voids_the_sleep()
    {
        var engine = await CreateAsync();
        var awake = (await _engines.WakeAsync(engine.Id, new(Reasons.Visit), false, null, InTime))!;
        await _engines.SleepAsync(engine.Id, new(Reasons.SleepAsked), "alice", InTime);
        await _engines.WakeAsync(engine.Id, new(Reasons.WakeAsked), false, "alice", InTime);
        (await _engines.SleepIfIdleAsync(awake, _term, InTime)).ShouldBeNull();
    }

    [Fact]
    public async Task A_failed_engine_is_tried_again_only_when_asked()
    {
        var engine = await CreateAsync();
        var awake = (await _engines.WakeAsync(engine.Id, new(Reasons.Visit), false, null, InTime))!;
        await _observed.WriteAsync(engine.Id, new(EngineState.Failed, new(Reasons.Exited, "1"), awake.Generation), _term, InTime);
        (await _engines.WakeAsync(engine.Id, new(Reasons.Visit), false, null, InTime))!.Generation.ShouldBe(awake.Generation);
        (await _engines.WakeAsync(engine.Id, new(Reasons.Visit), true, null, InTime))!.Generation.ShouldBe(awake.Generation + 1);
    }

    [Fact]
    public async Task Sessions_run_from_wake_to_sleep()
    {
        var engine = await CreateAsync();
        await _observed.WriteAsync(engine.Id, new(EngineState.Starting, new(Reasons.Starting), 2), _term, InTime);
        await _observed.WriteAsync(engine.Id, new(EngineState.Ready, new(Reasons.Ready), 2, "run-1", new("http://127.0.0.1:1"), engine.CreatedAt), _term, InTime);
        await _observed.WriteAsync(engine.Id, new(EngineState.Stopping, new(Reasons.Idle), 3, "run-1"), _term, InTime);
        await _observed.WriteAsync(engine.Id, new(EngineState.Asleep, new(Reasons.Idle), 3), _term, InTime);

        await using var connection = await _database.OpenAsync(InTime);
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT COUNT(*) FROM sessions WHERE ended_at IS NOT NULL";
        (await command.ExecuteScalarAsync(InTime)).ShouldBe(1L);
    }

    [Fact]
    public async Task A_deleted_engine_whose_disk_was_kept_is_remembered_and_its_host_is_free()
    {
        var engine = await CreateAsync();
        (await _observed.RemoveAsync(engine, _term, InTime)).ShouldBeFalse("nobody asked for it");
        await _engines.DeleteAsync(engine.Id, keepDisk: true, "alice", InTime);
        (await _observed.RemoveAsync(await FindAsync(engine.Id), _term, InTime)).ShouldBeTrue();
        (await _engines.FindAsync(engine.Id, InTime)).ShouldBeNull();
        (await _engines.CreateAsync(Some(EngineId.New(), engine.Host), null, InTime)).ShouldBeTrue();
    }

    [Fact]
    public async Task Watchers_hear_of_every_change()
    {
        var engine = await CreateAsync();
        await using var changes = _database.WatchAsync(InTime).GetAsyncEnumerator();
        await changes.MoveNextAsync();
        changes.Current.ShouldBeOfType<DatabaseChange.Resync>();
        await _engines.WakeAsync(engine.Id, new(Reasons.Visit), false, null, InTime);
        await changes.MoveNextAsync();
        changes.Current.ShouldBe(new DatabaseChange.Changed(ChangeKind.Engine, engine.Id.Value));
    }

    [Fact]
    public async Task A_schema_newer_than_the_program_is_refused_with_a_remedy()
    {
        await using (var connection = await _database.OpenAsync(InTime))
        {
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA user_version = 999";
            await command.ExecuteNonQueryAsync(InTime);
        }

        var error = await Should.ThrowAsync<InvalidOperationException>(() => _database.MigrateAsync(InTime));
        error.Message.ShouldContain("schema 999");
    }

    private async Task<Engine> CreateAsync()
    {
        var engine = Some(EngineId.New(), "demo-alice-1");
        (await _engines.CreateAsync(engine, "alice", InTime)).ShouldBeTrue();
        return await FindAsync(engine.Id);
    }

    private async Task<Engine> FindAsync(EngineId id) => (await _engines.FindAsync(id, InTime)).ShouldNotBeNull();

    private static Engine Some(EngineId id, string host) => new()
    {
        Id = id,
        Owner = new UserId("alice"),
        Group = new GroupId("art"),
        Template = "demo",
        TemplateVersion = "1",
        Host = host,
        Desired = Desired.Asleep,
        DesiredReason = new(Reasons.Created),
        Generation = 1,
        CreatedAt = TimeProvider.System.GetUtcNow(),
        StateSince = TimeProvider.System.GetUtcNow(),
    };
}
