using Aspire.Hosting.Stores;
using Microsoft.Extensions.DependencyInjection;

namespace Aigc.Hosting.Tests.Stores;

/// <summary>Which stores a run uses: never others than those that have the data.</summary>
public sealed class ChoiceTests : IDisposable
{
    private readonly string _data = StoreRun.Folder();

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task Without_servers_they_are_files_and_the_reason_is_said()
    {
        await using var run = await StoreRun.On(_data, null, "--Hosting:ServerFolders=/nowhere").StartAsync();
        (await run.TextAsync("database")).ShouldBe($"Data Source={_data}/database.db");
        (await run.TextAsync("tracker")).ShouldBe($"Data Source={_data}/tracker.db");
        run.Log().ShouldBe("stores: files, because no-engine not found; redis-server is not on this machine (AIGC_STORES=servers chooses servers)");
        await run.Run.HealthyAsync("database");
    }

    [Fact]
    public async Task Files_can_be_asked_for()
    {
        await using var run = await StoreRun.On(_data, "embedded").StartAsync();
        (await run.TextAsync("database")).ShouldStartWith("Data Source=");
        Directory.Exists(Path.Combine(_data, "postgres")).ShouldBeFalse();
    }

    [Fact]
    public async Task Servers_asked_for_but_missing_are_named_with_the_remedy()
    {
        await using var run = StoreRun.On(_data, "servers", "--Hosting:ServerFolders=/nowhere");
        var message = (await Should.ThrowAsync<DistributedApplicationException>(run.StartAsync)).Message;
        message.ShouldContain("AIGC_STORES=servers");
        message.ShouldContain("redis-server is not on this machine");
        message.ShouldContain("apt-get install redis-server postgresql");
    }

    [Fact]
    public async Task Another_word_is_refused_with_the_two_that_are_known()
    {
        await using var run = StoreRun.On(_data, "sqlite");
        var message = (await Should.ThrowAsync<DistributedApplicationException>(run.StartAsync)).Message;
        message.ShouldContain("AIGC_STORES=sqlite");
        message.ShouldContain("AIGC_STORES=embedded");
        message.ShouldContain("AIGC_STORES=servers");
    }

    [Fact]
    public async Task An_installation_in_files_stays_in_files()
    {
        await File.WriteAllTextAsync(Path.Combine(_data, "database.db"), "SQLite format 3");
        await using var run = await StoreRun.On(_data).StartAsync();
        (await run.TextAsync("database")).ShouldBe($"Data Source={_data}/database.db");
        run.Log().ShouldBe($"stores: files, because {_data}/database.db has this installation's data (AIGC_STORES=servers chooses servers, which begin empty, and tells how to move the data there)");
    }

    [Fact]
    public async Task Once_moved_to_servers_it_stays_there()
    {
        await File.WriteAllTextAsync(Path.Combine(_data, "database.db"), "SQLite format 3");
        await using (var asked = await StoreRun.On(_data, "servers").HealthyAsync()) await asked.SqlAsync("CREATE TABLE moved (x int)");
        await using (var run = await StoreRun.On(_data).HealthyAsync()) (await run.SqlAsync("SELECT count(*) FROM moved")).ShouldBe("0");

        // Going back is possible, and what is missing then is said, also when nobody asks for it again.
        foreach (var setting in new[] { "embedded", null })
        {
            await using var back = await StoreRun.On(_data, setting).StartAsync();
            (await back.TextAsync("database")).ShouldStartWith("Data Source=");
            back.Log().ShouldContain("(what was done in this folder's servers is not in them; AIGC_STORES=servers goes back to that)");
        }
    }

    [Fact]
    public async Task Data_left_in_files_are_said_with_the_command_that_moves_them()
    {
        await File.WriteAllTextAsync(Path.Combine(_data, "database.db"), "SQLite format 3");
        foreach (var (stores, says) in new[] { ("servers", "These servers begin empty."), (null, "has data from before these servers.") })
        {
            await using var run = await StoreRun.On(_data, stores).HealthyAsync();
            var notes = run.Run.App.Services.GetRequiredService<StoreChooser>().Notes;
            notes[0].ShouldContain(says);
            notes[0].ShouldContain($"{_data}/database.db");
            var settings = (await run.TextAsync("database")).Split(';');
            notes[^1].Trim().ShouldBe(
                $"PGPASSWORD=\"$(cat '{_data}/postgres/password')\" move 'mover' 'Data Source={_data}/database.db' '{string.Join(';', settings.Where(part => !part.StartsWith("Password", StringComparison.Ordinal)))}'");
        }

        File.Delete(Path.Combine(_data, "database.db"));
        await using var moved = await StoreRun.On(_data).StartAsync();
        moved.Run.App.Services.GetRequiredService<StoreChooser>().Notes.ShouldBeEmpty();
    }

    [Fact]
    public async Task Data_without_their_servers_are_not_replaced_by_an_empty_product()
    {
        await using (await StoreRun.On(_data).HealthyAsync())
        {
        }

        await using var gone = StoreRun.On(_data, null, "--Hosting:ServerFolders=/nowhere");
        (await Should.ThrowAsync<DistributedApplicationException>(gone.StartAsync)).Message.ShouldContain("redis-server is not on this machine");

        var version = Path.Combine(_data, "postgres", "data", "PG_VERSION");
        await File.WriteAllTextAsync(version, "9\n");
        await using var other = StoreRun.On(_data);
        (await Should.ThrowAsync<DistributedApplicationException>(other.StartAsync)).Message.ShouldContain("was made by postgres 9, which is not on this machine, only");
    }

    [Fact]
    public async Task Servers_that_are_configured_come_first()
    {
        await using var run = await StoreRun.On(_data, "servers", "--ConnectionStrings:tracker=far:1", "--ConnectionStrings:database=Host=far", "--Hosting:ServerFolders=/nowhere").StartAsync();
        (await run.TextAsync("tracker")).ShouldBe("far:1");
        (await run.TextAsync("database")).ShouldBe("Host=far");
        run.Log().ShouldBe("As configured (ConnectionStrings)");
    }

    [Fact]
    public async Task A_folder_that_the_servers_account_cannot_reach_is_named()
    {
        if (!Environment.IsPrivilegedProcess) return;
        File.SetUnixFileMode(_data, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await using var run = await StoreRun.On(_data).StartAsync();
        (await run.TextAsync("database")).ShouldStartWith("Data Source=");
        run.Log().ShouldContain($"cannot reach {_data}/redis: let others pass");
    }
}
