using Aigc.Engines.Tracking;
using Aigc.Engines.Tracking.Redis;
using Aigc.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Aigc.Bench.Working;

/// <summary>What the measured worker keeps its data in.</summary>
internal abstract class WorkerStores : IAsyncDisposable
{
    public abstract string Name { get; }

    public abstract string Database { get; }

    public abstract string Tracker { get; }

    public abstract ISessionTracker OpenTracker();

    /// <summary>The hardest case: everything has to be told anew.</summary>
    public abstract Task LoseTrackerAsync();

    public abstract ValueTask DisposeAsync();

    public static WorkerStores Embedded(string folder) => new Files(folder);

    public static async Task<WorkerStores> ServersAsync()
    {
        var postgres = await PostgresServer.StartAsync();
        return new Servers(postgres, await RedisServer.StartAsync(), await postgres.CreateDatabaseAsync());
    }

    private sealed class Files(string folder) : WorkerStores
    {
        public override string Name => "SQLite files";

        public override string Database => $"Data Source={folder}/database.db";

        public override string Tracker => $"Data Source={folder}/tracker.db";

        public override ISessionTracker OpenTracker() => new FileTracker(Tracker, TimeProvider.System);

        public override Task LoseTrackerAsync()
        {
            foreach (var file in Directory.GetFiles(folder, "tracker.db*"))
                File.Delete(file);
            return Task.CompletedTask;
        }

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class Servers(PostgresServer postgres, RedisServer redis, string database) : WorkerStores
    {
        public override string Name => "Postgres and Redis";

        public override string Database => database;

        public override string Tracker => redis.ConnectionString;

        public override ISessionTracker OpenTracker() =>
            new RedisTracker(Tracker, TimeProvider.System, NullLogger<RedisTracker>.Instance, new TrackerStatus());

        public override Task LoseTrackerAsync() => redis.RestartAsync();

        public override async ValueTask DisposeAsync()
        {
            await redis.DisposeAsync();
            await postgres.DisposeAsync();
        }
    }
}
