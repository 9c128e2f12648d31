using Aigc.Engines.Auditing;
using Aigc.Engines.Leading;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.People;
using Aigc.Engines.Storage;
using Dapper;

namespace Aigc.Engines.Tests.Storage;

/// <summary>A migrated database of its own for each test, and a worker that leads.</summary>
public abstract class StoreContract(DatabaseMaker maker) : IAsyncLifetime
{
    protected static TimeProvider Time => TimeProvider.System;

    protected static CancellationToken InTime => new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token;

    public static Actor ByAlice { get; } = new(new("alice"), "alice", "192.0.2.7");

    protected DatabaseMaker Maker => maker;

    protected string ConnectionString { get; private set; } = "";

    protected Database Database { get; private set; } = null!;

    protected EngineStore Engines { get; private set; } = null!;

    protected ObservedStore Observed { get; private set; } = null!;

    protected Term Term { get; private set; }

    public async Task InitializeAsync()
    {
        ConnectionString = await maker.NewAsync();
        Database = Open();
        await Database.MigrateAsync(InTime);
        Engines = new(Database, Time);
        Observed = new(Database, Time);
        Term = (await new LeaderLease(Database, "test").TakeAsync(null, InTime))!.Value;
    }

    public async Task DisposeAsync()
    {
        await Database.DisposeAsync();
        maker.Dispose();
    }

    /// <summary>The same database, as another process has it.</summary>
    protected Database Open() => Database.FromConnectionString(ConnectionString, Time);

    protected async Task<Engine> CreateAsync(string host = "demo-alice-1")
    {
        var engine = Some(EngineId.New(), host);
        (await Engines.CreateAsync(engine, ByAlice, InTime)).ShouldBeTrue();
        return await FindAsync(engine.Id);
    }

    protected async Task<Engine> FindAsync(EngineId id) => (await Engines.FindAsync(id, InTime)).ShouldNotBeNull();

    protected Task<Engine?> WakeAsync(Engine engine) => Engines.WakeAsync(engine.Id, new(Reasons.Visit), false, ByAlice, InTime);

    protected async Task<long> CountAsync(string from)
    {
        await using var connection = await Database.OpenAsync(InTime);
        return await connection.ExecuteScalarAsync<long>($"SELECT COUNT(*) FROM {from}");
    }

    public static Engine Some(EngineId id, string host) => new()
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
        CreatedAt = Time.GetUtcNow(),
        StateSince = Time.GetUtcNow(),
    };
}
