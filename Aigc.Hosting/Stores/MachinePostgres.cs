using System.Globalization;
using Aspire.Hosting.Running;

namespace Aspire.Hosting.Stores;

/// <summary>A Postgres of this machine, with a cluster of its own on a loopback port, and no socket file.</summary>
internal sealed class MachinePostgres(
    string programs,
    int version,
    ServerFolder folder,
    EndpointAnnotation endpoint,
    PostgresAccess access,
    IReadOnlyList<string> databases) : StoreServer(endpoint, access)
{
    private static readonly TimeSpan SetUpPatience = TimeSpan.FromMinutes(2);

    public override string Title => string.Create(CultureInfo.InvariantCulture, $"postgres {version}");

    // "Fast": clients are disconnected, everything is written. SIGTERM would wait for them to leave.
    public override string StopSignal => "INT";

    public override string PasswordFile => StorePassword.PathIn(folder.Path);

    private string Postgres => Path.Combine(programs, "postgres");

    private string DatabasesFile => Path.Combine(folder.Path, "databases");

    public override async Task<ProcessSpec> PrepareAsync(Action<string> log, CancellationToken cancellationToken)
    {
        PrivateFile.CreateFolder(folder.Path);
        await FolderUsers.WaitUntilGoneAsync(folder.Data, log, folder.Time, cancellationToken);
        await folder.OwnAsync(cancellationToken);
        if (PostgresData.MajorVersion(folder.Data) is null) await InitializeAsync(log, cancellationToken);
        PostgresData.RemoveForeignLock(folder.Data);
        await SetUpAsync(log, cancellationToken);
        return folder.Process([
            Postgres, "-D", folder.Data, "-p", Port.ToString(CultureInfo.InvariantCulture),
            "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "max_connections=300",
        ]);
    }

    // Into a folder that is renamed when it is complete: half a cluster would never become a whole one.
    private async Task InitializeAsync(Action<string> log, CancellationToken cancellationToken)
    {
        var fresh = $"{folder.Data}.new";
        if (Directory.Exists(fresh)) Directory.Delete(fresh, recursive: true);
        StorePassword.Keep(folder.Path, access.Password);
        await folder.OwnAsync(cancellationToken);
        log($"Creates a cluster in {folder.Data}");
        await RunAsync(
            [
                Path.Combine(programs, "initdb"), "-D", fresh, "-U", access.User, $"--pwfile={StorePassword.PathIn(folder.Path)}",
                "--encoding=UTF8", "--no-locale", "--auth-host=scram-sha-256", "--auth-local=scram-sha-256", "--no-sync",
            ],
            null,
            cancellationToken);
        Directory.Move(fresh, folder.Data);
    }

    /// <summary>Password and databases as they should be. Before it listens, so no client sees it unfinished.</summary>
    private async Task SetUpAsync(Action<string> log, CancellationToken cancellationToken)
    {
        var passwordIsNew = StorePassword.Kept(folder.Path) != access.Password;
        var known = File.Exists(DatabasesFile) ? await File.ReadAllLinesAsync(DatabasesFile, cancellationToken) : [];
        var missing = databases.Except(known).ToList();
        if (!passwordIsNew && missing.Count == 0) return;

        // One statement a line. A database that exists already is an error that changes nothing.
        List<string> statements =
        [
            .. passwordIsNew ? [$"ALTER ROLE {Name(access.User)} PASSWORD '{access.Password.Replace("'", "''", StringComparison.Ordinal)}'"] : Array.Empty<string>(),
            .. missing.Select(database => $"CREATE DATABASE {Name(database)}"),
            "SELECT 'database ' || datname AS found FROM pg_database",
        ];
        var result = await RunAsync([Postgres, "--single", "-D", folder.Data, "postgres"], string.Join('\n', statements) + "\n", cancellationToken);
        if (missing.Find(database => !result.Output.Contains($"\"database {database}\"", StringComparison.Ordinal)) is { } absent)
            throw new DistributedApplicationException($"Postgres did not create the database '{absent}': {result.LastLine}");
        if (missing.Count > 0) log($"Created {string.Join(", ", missing)}");
        StorePassword.Keep(folder.Path, access.Password);
        PrivateFile.Write(DatabasesFile, string.Join('\n', known.Union(databases)) + "\n");
        await folder.OwnAsync(cancellationToken);
    }

    private async Task<CommandResult> RunAsync(IReadOnlyList<string> command, string? input, CancellationToken cancellationToken)
    {
        var result = await Command.RunAsync(folder.AsAccount(command), SetUpPatience, folder.Time, cancellationToken, input, folder.Path);
        return result is { Succeeded: true }
            ? result
            : throw new DistributedApplicationException($"{command[0]} failed on {folder.Path}: {result?.LastLine ?? "it did not end in time"}");
    }

    private static string Name(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
