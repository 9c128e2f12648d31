using Aigc.Api.Tests.Harness;
using Aigc.Engines.Leading;
using Aigc.Engines.Storage;
using Aigc.Testing;
using Dapper;

namespace Aigc.Api.Tests.Moving;

/// <summary>The commands as an operator runs them.</summary>
public sealed class DatabaseCommandTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("aigc-moving-");

    private string Sqlite => $"Data Source={Path.Combine(_folder.FullName, "database.db")}";

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task An_installation_moves_to_Postgres_with_one_command_and_only_once()
    {
        await using (var database = Database.FromConnectionString(Sqlite, TimeProvider.System))
        {
            await database.MigrateAsync(CancellationToken.None);
            await new DataProtectionKeyStore(database, TimeProvider.System).AddAsync("key-1", "<key/>", CancellationToken.None);
            await new LeaderLease(database, "studio-pc").TakeAsync(null, CancellationToken.None);
            await using var connection = await database.OpenAsync(CancellationToken.None);
            await connection.ExecuteAsync("INSERT INTO kept_disks (engine_id, owner_id, template, host, deleted_at) VALUES ('e', 'alice', 'demo', 'demo-alice', 1)");
        }

        var server = await PostgresServer.SharedAsync();
        var target = await server.CreateDatabaseAsync();
        var (code, output, errors) = await RunAsync("copy", "--from", Sqlite, "--to", target);
        (code, errors).ShouldBe((0, ""));
        output.ShouldContain("data_protection_keys");
        output.ShouldContain("Copied 3 rows.");
        output.ShouldContain("studio-pc did not sign off");
        await using (var moved = Database.FromConnectionString(target, TimeProvider.System))
            (await new DataProtectionKeyStore(moved, TimeProvider.System).ListAsync(CancellationToken.None)).ShouldBe(["<key/>"]);

        (code, _, errors) = await RunAsync("copy", "--from", Sqlite, "--to", target);
        code.ShouldBe(1);
        errors.ShouldContain("The target is in use: kept_disks (1)");
    }

    [Fact]
    public async Task A_backup_is_made_of_the_database_that_the_environment_names()
    {
        await using (var database = Database.FromConnectionString(Sqlite, TimeProvider.System))
            await database.MigrateAsync(CancellationToken.None);
        var file = Path.Combine(_folder.FullName, "backup.db");
        var (code, output, _) = await RunAsync("backup", "--to", file);
        (code, File.Exists(file)).ShouldBe((0, true));
        output.ShouldContain(file);
        (await RunAsync("backup", "--to", file)).Errors.ShouldContain("exists already");
    }

    [Theory]
    [InlineData("copy --from|Data Source=/no/such/file.db|--to|Host=127.0.0.1;Port=1;Database=x", "There is no file /no/such/file.db. Correct --from.")]
    [InlineData("copy --from|Host=127.0.0.1;Port=1;Database=x;Password=hunter2|--to|nonsense", "--to must be 'Data Source=FILE'")]
    [InlineData("copy --from|Host=127.0.0.1;Port=1;Database=x;Password=hunter2|--to|Host=127.0.0.1;Port=1;Database=x", "nothing listens at Host=127.0.0.1;Port=1")]
    [InlineData("backup --from|Host=db;Database=x|--to|f", "pg_dump --format=custom")]
    [InlineData("copy", "--from")]
    [InlineData("compact", "compact")]
    public async Task A_mistake_is_named_and_changes_nothing(string arguments, string says)
    {
        var (code, output, errors) = await RunAsync([.. arguments.Split('|').SelectMany((part, i) => i == 0 ? part.Split(' ') : [part])]);
        code.ShouldBe(1);
        errors.ShouldContain(says);
        (output + errors).ShouldNotContain("hunter2");
        (output + errors).ShouldNotContain("   at ");
    }

    [Fact]
    public async Task Help_says_what_there_is()
    {
        (await RunAsync("--help")).Output.ShouldContain("backup");
        var (code, output, _) = await RunAsync("copy", "--help");
        code.ShouldBe(0);
        output.ShouldContain("PGPASSWORD");
    }

    private Task<(int Code, string Output, string Errors)> RunAsync(params string[] arguments) =>
        ApiProgram.RunAsync([("ConnectionStrings__database", Sqlite)], ["database", .. arguments]);
}
