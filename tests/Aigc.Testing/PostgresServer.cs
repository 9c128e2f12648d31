using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Aigc.Testing;

/// <summary>
/// A real Postgres of its own: a temporary folder, a free loopback port, passwords checked, nothing flushed to disk.
/// It can be stopped, killed, paused and started again with the same data; it ends with the test host, however that ends.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    public const string User = "aigc";
    public const string Password = "a-password-of-the-tests";

    private static readonly TimeSpan StartBudget = TimeSpan.FromSeconds(30);
    private static readonly Lazy<Task<PostgresServer>> SharedServer = new(() => StartAsync());

    // SIGKILL reaches what is paused. The file outlives a killed server: the process must be ours.
    private const string Watchdog =
        """
        trap '' INT TERM HUP
        cat >/dev/null
        if pid=$(head -n 1 "$0/data/postmaster.pid" 2>/dev/null) && grep -q "$0" "/proc/$pid/cmdline" 2>/dev/null; then
            pkill -KILL -P "$pid"
            kill -KILL "$pid"
            for i in $(seq 100); do kill -0 "$pid" 2>/dev/null || break; sleep 0.02; done
        fi
        rm -rf "$0"
        """;

    private readonly PostgresPrograms _programs;
    private readonly string _folder;
    private readonly Process _watchdog;
    private Process? _server;
    private int _databases;

    private PostgresServer(PostgresPrograms programs, string folder, int port)
    {
        (_programs, _folder, Port) = (programs, folder, port);
        // A session of its own, so that Ctrl+C in a terminal does not end it first; its input ends with this process.
        _watchdog = Process.Start(new ProcessStartInfo("setsid", ["sh", "-c", Watchdog, folder]) { RedirectStandardInput = true })!;
    }

    public int Port { get; }

    public string LogFile => Path.Combine(_folder, "log");

    /// <summary>One server for all tests of this process that do it no harm.</summary>
    public static Task<PostgresServer> SharedAsync() => SharedServer.Value;

    /// <param name="settings">Such as <c>max_connections=20</c>.</param>
    public static async Task<PostgresServer> StartAsync(params string[] settings)
    {
        var programs = PostgresPrograms.Find();
        var folder = Path.Combine(Path.GetTempPath(), $"aigc-postgres-{Guid.NewGuid():N}");
        await PostgresPrograms.MakeFolderAsync(folder);
        var server = new PostgresServer(programs, folder, FreePort.Next());
        try
        {
            await programs.InitializeAsync(folder, User, Password);
            await File.AppendAllLinesAsync(Path.Combine(folder, "data", "postgresql.conf"), settings);
            await server.StartAgainAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public string ConnectionString(string database) =>
        $"Host=127.0.0.1;Port={Port};Database={database};Username={User};Password={Password}";

    /// <summary>A new, empty database.</summary>
    /// <returns>Its connection string.</returns>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"test_{Interlocked.Increment(ref _databases)}");
        await ExecuteAsync("postgres", $"CREATE DATABASE {name}");
        return ConnectionString(name);
    }

    /// <summary>Runs one statement over a connection of its own.</summary>
    public async Task ExecuteAsync(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString(database) + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Runs one of Postgres's programs, such as <c>pg_dump</c>, against this server.</summary>
    /// <returns>What it printed.</returns>
    public Task<string> RunAsync(string program, params string[] arguments) =>
        _programs.RunAsync(program, arguments, ("PGHOST", "127.0.0.1"), ("PGPORT", $"{Port}"), ("PGUSER", User), ("PGPASSWORD", Password));

    /// <summary>An orderly stop that does not wait for clients ("fast").</summary>
    public Task StopAsync() => EndAsync("INT");

    /// <summary>As with <c>kill -9</c> of the whole server.</summary>
    public Task KillAsync() => EndAsync("KILL");

    /// <summary>Starts a stopped or killed server again: same port, same data.</summary>
    public async Task RestartAsync()
    {
        await StopAsync();
        await StartAgainAsync();
    }

    /// <summary>Takes the whole server off the processor: connections stay, nothing answers.</summary>
    public void Pause() => Signal("STOP");

    public void Resume() => Signal("CONT");

    public async ValueTask DisposeAsync()
    {
        _watchdog.StandardInput.Close();
        await _watchdog.WaitForExitAsync();
        _watchdog.Dispose();
        _server?.Dispose();
    }

    private async Task StartAgainAsync()
    {
        _server = _programs.Start("postgres",
        [
            "-D", Path.Combine(_folder, "data"),
            "-p", $"{Port}",
            "-c", "listen_addresses=127.0.0.1",
            "-c", "unix_socket_directories=",
            "-c", "fsync=off",
            "-c", "full_page_writes=off",
            "-c", "logging_collector=off",
        ], LogFile);
        await Eventually.TrueAsync("Postgres answers", StartBudget, async () =>
        {
            if (_server.HasExited)
                throw new InvalidOperationException($"Postgres ended with {_server.ExitCode}.\n{Log()}");
            try
            {
                await ExecuteAsync("postgres", "SELECT 1");
                return true;
            }
            catch (NpgsqlException)
            {
                return false;
            }
        }, Log);
    }

    private async Task EndAsync(string signal)
    {
        if (_server is null or { HasExited: true })
            return;
        if (signal == "KILL")
            Signal(signal);
        else
            Processes.Signal(_server.Id, signal);
        await _server.WaitForExitAsync(new CancellationTokenSource(StartBudget).Token);
    }

    // Each backend is a process group of its own; the postmaster comes first, so that it starts no more of them.
    private void Signal(string signal)
    {
        Processes.Signal(_server!.Id, signal);
        foreach (var child in Processes.ChildrenOf(_server.Id))
            Processes.Signal(child, signal);
    }

    private string Log() => File.Exists(LogFile) ? File.ReadAllText(LogFile) : "";
}
