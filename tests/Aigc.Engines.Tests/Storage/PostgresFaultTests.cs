using Aigc.Engines.Lifecycle;
using Aigc.Engines.Storage;
using Aigc.Testing;
using Npgsql;

namespace Aigc.Engines.Tests.Storage;

/// <summary>A server of its own that goes away: writers hear of it clearly and go on afterwards; watchers read everything again.</summary>
[Collection(nameof(OnItsOwn))]
public sealed class PostgresFaultTests : IAsyncLifetime
{
    private PostgresServer _server = null!;
    private Database _database = null!;
    private EngineStore _engines = null!;

    private static CancellationToken InTime => new CancellationTokenSource(TimeSpan.FromSeconds(90)).Token;

    public async Task InitializeAsync()
    {
        _server = await PostgresServer.StartAsync();
        _database = Database.FromConnectionString(await _server.CreateDatabaseAsync(), TimeProvider.System);
        _engines = new(_database, TimeProvider.System);
        await _database.MigrateAsync(InTime);
    }

    public async Task DisposeAsync()
    {
        await _database.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task After_a_crash_of_the_server_writers_and_watchers_go_on_by_themselves()
    {
        var (written, resyncs, heard) = (0, 0, 0);
        var errors = new System.Collections.Concurrent.ConcurrentBag<Exception>();
        using var stop = new CancellationTokenSource();
        var watcher = Task.Run(() => UntilStoppedAsync(async () =>
        {
            await foreach (var change in _database.WatchAsync(stop.Token))
            {
                if (change is DatabaseChange.Resync)
                    Interlocked.Increment(ref resyncs);
                else
                    Interlocked.Increment(ref heard);
            }
        }));
        var writers = Enumerable.Range(0, 4).Select(w => Task.Run(() => UntilStoppedAsync(async () =>
        {
            await _engines.CreateAsync(StoreContract.Some(EngineId.New(), $"w{w}-{Guid.NewGuid():N}"), StoreContract.ByAlice, stop.Token);
            Interlocked.Increment(ref written);
        }))).ToArray();
        await GoesOnAsync("before");

        await _server.KillAsync();
        await Eventually.TrueAsync("errors are seen", TimeSpan.FromSeconds(20), () => errors.Count > 8);
        await _server.RestartAsync();
        var resyncsBefore = 1;
        await Eventually.TrueAsync("the watcher reads everything again", TimeSpan.FromSeconds(20), () => resyncs > resyncsBefore);
        await GoesOnAsync("after");
        await stop.CancelAsync();
        await Task.WhenAll([watcher, .. writers]);

        errors.ShouldAllBe(error => _database.Explain(error) != null, "each error is explained");
        (await _engines.ListAllAsync(InTime)).Count.ShouldBeGreaterThanOrEqualTo(written, "what was said to be written is there");

        async Task GoesOnAsync(string when)
        {
            var (writtenBefore, heardBefore) = (written, heard);
            await Eventually.TrueAsync($"writers and watcher run {when}", TimeSpan.FromSeconds(20),
                () => written > writtenBefore + 20 && heard > heardBefore + 20, () => string.Join('\n', errors.Take(3)));
        }

        async Task UntilStoppedAsync(Func<Task> action)
        {
            while (!stop.IsCancellationRequested)
            {
                try
                {
                    await action();
                }
                catch (Exception error) when (error is not OperationCanceledException)
                {
                    errors.Add(error);
                    await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, CancellationToken.None);
                }
                catch (OperationCanceledException)
                {
                    // Stopped.
                }
            }
        }
    }

    [Fact]
    public async Task A_server_that_hangs_is_noticed_by_the_watcher_within_fifteen_seconds()
    {
        await using var changes = _database.WatchAsync(InTime).GetAsyncEnumerator();
        await changes.MoveNextAsync();
        _server.Pause();
        var paused = TimeProvider.System.GetTimestamp();
        var error = await Should.ThrowAsync<DatabaseAwayException>(async () => await changes.MoveNextAsync());
        TimeProvider.System.GetElapsedTime(paused).ShouldBeLessThan(TimeSpan.FromSeconds(20), "15 s, and what a busy machine adds");
        error.Message.ShouldContain("did not answer");
        (await Should.ThrowAsync<DatabaseAwayException>(() => Fresh().OpenAsync(InTime))).Message.ShouldContain("did not answer within Timeout=5 s");

        _server.Resume();
        await using var again = _database.WatchAsync(InTime).GetAsyncEnumerator();
        await again.MoveNextAsync();
        again.Current.ShouldBeOfType<DatabaseChange.Resync>();
        (await _engines.ListAllAsync(InTime)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_full_server_says_which_number_to_change()
    {
        await using var small = await PostgresServer.StartAsync("max_connections=4", "superuser_reserved_connections=0");
        await using var database = Database.FromConnectionString(await small.CreateDatabaseAsync(), TimeProvider.System);
        var held = new List<IAsyncDisposable>();
        var error = await Should.ThrowAsync<DatabaseAwayException>(async () =>
        {
            while (held.Count < 10)
                held.Add(await database.OpenAsync(InTime));
        });
        error.Message.ShouldContain("Lower Maximum Pool Size=20");
        foreach (var connection in held)
            await connection.DisposeAsync();
        await using var afterwards = await database.OpenAsync(InTime);
    }

    [Fact]
    public async Task A_crowd_waits_for_its_turn_longer_than_a_server_is_waited_for()
    {
        await using var narrow = Database.FromConnectionString($"{_server.ConnectionString("test_1")};Maximum Pool Size=1;Timeout=4", TimeProvider.System);
        var first = await narrow.OpenAsync(InTime);
        var crowd = Enumerable.Range(0, 30).Select(_ => new EngineStore(narrow, TimeProvider.System).ListAllAsync(InTime)).ToArray();
        // Longer than Timeout: what is tested is that this time passes without anybody being turned away.
        await Task.Delay(TimeSpan.FromSeconds(5), TimeProvider.System, CancellationToken.None);
        crowd.ShouldAllBe(one => !one.IsCompleted);
        await first.DisposeAsync();
        await Task.WhenAll(crowd);
    }

    private PostgresDatabase Fresh() => (PostgresDatabase)Database.FromConnectionString(_server.ConnectionString("test_1"), TimeProvider.System);
}
