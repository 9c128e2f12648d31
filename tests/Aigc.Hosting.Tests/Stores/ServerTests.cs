namespace Aigc.Hosting.Tests.Stores;

/// <summary>Real servers of this machine as part of a run: what people did is there after whatever happens to them.</summary>
public sealed class ServerTests : IDisposable
{
    private readonly string _data = StoreRun.Folder();

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task Both_are_found_started_and_said()
    {
        await using var run = await StoreRun.On(_data).HealthyAsync();
        (await run.SqlAsync("SELECT current_database(), pg_encoding_to_char(encoding) FROM pg_database WHERE datname = current_database()")).ShouldBe("database|UTF8");
        (await run.RedisAsync("PING")).ShouldBe("PONG");
        run.Log().ShouldMatch(@"stores: redis-server \d+\.\d+\.\d+ and postgres \d+ found on this machine \(AIGC_STORES=embedded chooses files\)");
        File.GetUnixFileMode(Path.Combine(_data, "postgres", "password")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.GetUnixFileMode(Path.Combine(_data, "redis", "redis.conf")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        run.Run.State("database").ShouldBe(KnownResourceStates.Running);
    }

    [Fact]
    public async Task They_do_not_run_as_root_and_ask_for_a_password()
    {
        await using var run = await StoreRun.On(_data).HealthyAsync();
        foreach (var program in new[] { "postgres", "redis-server" })
            (await File.ReadAllLinesAsync($"/proc/{run.Server(program)}/status")).Single(line => line.StartsWith("Uid:", StringComparison.Ordinal)).Split('\t')[1].ShouldNotBe("0");
        (await File.ReadAllTextAsync(Path.Combine(_data, "postgres", "data", "pg_hba.conf"))).ShouldNotContain("trust\n");
        var password = (await run.TextAsync("tracker")).Split("password=")[1];
        Processes.Find(_data, "").Select(Processes.CommandOf).ShouldAllBe(command => !command.Contains(password, StringComparison.Ordinal), "a command line is for everybody to read");
    }

    [Fact]
    public async Task A_killed_server_is_back_on_its_port_with_its_data()
    {
        await using var run = await StoreRun.On(_data).HealthyAsync();
        await run.SqlAsync("CREATE TABLE kept (x int); INSERT INTO kept VALUES (7)");
        await run.RedisAsync("SET", "kept", "7");
        var before = (await run.TextAsync("tracker"), await run.TextAsync("database"));
        foreach (var program in new[] { "postgres", "redis-server" }) Processes.Signal(run.Server(program), "KILL");

        await Eventually.TrueAsync("both answer again", TimeSpan.FromSeconds(20), async () =>
        {
            try
            {
                return await run.SqlAsync("SELECT x FROM kept") == "7" && await run.RedisAsync("GET", "kept") == "7";
            }
            catch (InvalidOperationException)
            {
                return false;
            }
        }, () => run.Log() + run.Log("postgres"));
        (await run.TextAsync("tracker"), await run.TextAsync("database")).ShouldBe(before);
        (await run.Run.ReachesAsync("postgres", s => s.HealthStatus is not null)).Snapshot.Text("resource.restarts").ShouldBe("1");
    }

    [Fact]
    public async Task The_next_run_finds_what_the_last_left()
    {
        await using (var first = await StoreRun.On(_data).HealthyAsync())
        {
            await first.SqlAsync("CREATE TABLE kept (x int)");
            await first.RedisAsync("SET", "kept", "7");
        }

        Processes.Find(_data, "").Commands().ShouldBeEmpty();

        // After a crash of the machine, another process may have the number that the lock names.
        await File.WriteAllTextAsync(Path.Combine(_data, "postgres", "data", "postmaster.pid"), $"{Environment.ProcessId}\n{_data}/postgres/data\n1\n1\n\n127.0.0.1\n1 1\n");
        var next = StoreRun.On(_data);
        next.Builder.AddPostgres("other", port: null);
        next.Builder.CreateResourceBuilder(next.Builder.Resources.OfType<PostgresServerResource>().First()).AddDatabase("second");
        await using var run = await next.HealthyAsync();
        (await run.SqlAsync("SELECT count(*) FROM kept")).ShouldBe("0");
        (await run.SqlAsync("SELECT count(*) FROM pg_database WHERE datname = 'second'")).ShouldBe("1");
        (await run.RedisAsync("GET", "kept")).ShouldBe("7");
    }

    [Fact]
    public async Task A_restart_from_the_page_is_orderly()
    {
        await using var run = await StoreRun.On(_data).HealthyAsync();
        await run.SqlAsync("CREATE TABLE kept (x int)");
        run.Run.Restart("postgres").ShouldBeTrue();
        await run.Run.ReachesAsync("postgres", s => s.Text("resource.restarts") == "1" && s.HealthStatus == Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Healthy);
        (await run.SqlAsync("SELECT count(*) FROM kept")).ShouldBe("0");
        run.Log("postgres").ShouldNotContain("could not receive data from client", Case.Sensitive, "being asked whether it is well is not worth a line");
        run.Log("postgres").ShouldContain("received fast shutdown request");
        run.Log("postgres").ShouldNotContain("was interrupted");
    }

    [Fact]
    public async Task Two_runs_side_by_side_have_stores_of_their_own()
    {
        var other = StoreRun.Folder();
        await using var one = await StoreRun.On(_data).HealthyAsync();
        await using (var two = await StoreRun.On(other).HealthyAsync())
        {
            await one.RedisAsync("SET", "whose", "one");
            (await two.RedisAsync("EXISTS", "whose")).ShouldBe("0");
            (await one.TextAsync("database")).ShouldNotBe(await two.TextAsync("database"));
        }

        (await one.RedisAsync("GET", "whose")).ShouldBe("one", "the end of one run is not the end of the other");
        Directory.Delete(other, recursive: true);
    }
}
