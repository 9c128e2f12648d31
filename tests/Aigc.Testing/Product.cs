using System.Diagnostics;
using System.Text;

namespace Aigc.Testing;

/// <summary>The whole product as a user runs it: <c>Aigc.AppHost</c> as a process, a data folder, one port.</summary>
public sealed class Product : IAsyncDisposable
{
    private readonly StringBuilder _log = new();
    private Process? _host;

    public Product()
    {
        Data = Directory.CreateTempSubdirectory("aigc-e2e-").FullName;

        // Run by root, servers run as another account, which has to reach its part of the folder.
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(Data, File.GetUnixFileMode(Data) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        Port = FreePort.Next();
    }

    public string Data { get; }

    public int Port { get; }

    public Uri Dashboard => new($"http://localhost:{Port}/");

    /// <summary>What the product printed so far.</summary>
    public string Log
    {
        get
        {
            lock (_log)
                return _log.ToString();
        }
    }

    /// <summary>Where the next start keeps its data: <c>embedded</c> or <c>servers</c>; null as the product chooses.</summary>
    public string? Stores { get; set; } = "embedded";

    /// <summary>For whoever looks into a failure: the data folder stays, with all that was printed.</summary>
    public bool KeepData { get; set; }

    /// <summary>Additional environment of the next start.</summary>
    public Dictionary<string, string> Environment { get; } = [];

    public async Task StartAsync()
    {
        var start = new ProcessStartInfo("dotnet", ["exec", Repository.ProgramOf("Aigc.AppHost")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Data,
        };
        start.Environment["AIGC_PORT"] = $"{Port}";
        start.Environment["AIGC_DATA_DIR"] = Data;
        if (Stores is null)
            start.Environment.Remove("AIGC_STORES");
        else
            start.Environment["AIGC_STORES"] = Stores;
        foreach (var (name, value) in Environment)
            start.Environment[name] = value;
        _host = Process.Start(start)!;
        _host.OutputDataReceived += (_, line) => Append(line.Data);
        _host.ErrorDataReceived += (_, line) => Append(line.Data);
        _host.BeginOutputReadLine();
        _host.BeginErrorReadLine();

        await ReadyAsync(TimeSpan.FromSeconds(60));
    }

    /// <summary>As with <c>kill</c>: an orderly stop.</summary>
    public async Task StopAsync()
    {
        if (_host is null or { HasExited: true })
            return;
        Processes.Signal(_host.Id, "TERM");
        await _host.WaitForExitAsync(new CancellationTokenSource(TimeSpan.FromSeconds(30)).Token);
    }

    /// <summary>As with <c>kill -9</c> on AppHost alone.</summary>
    public async Task KillHostAsync()
    {
        Processes.Signal(_host!.Id, "KILL");
        await _host.WaitForExitAsync();
    }

    /// <summary>Ends one service by force; AppHost starts it again.</summary>
    public async Task KillAsync(string service)
    {
        var pid = Pids(service).ShouldHaveSingleItem();
        Processes.Signal(pid, "KILL");
        await Eventually.TrueAsync($"another {service} runs", TimeSpan.FromSeconds(30), () => Pids(service) is [var other] && other != pid);
        await ReadyAsync(TimeSpan.FromSeconds(30));
    }

    public IReadOnlyList<int> Pids(string service) => Processes.Find(Data, $"{service}.dll");

    /// <summary>Everything that belongs to this run: services and engines.</summary>
    public IReadOnlyList<int> AllPids() => Processes.Find(Data, "");

    /// <summary>The one process of each Postgres server that all its others die with.</summary>
    public IReadOnlyList<int> Postmasters() =>
        [.. Directory.EnumerateFiles(Data, "postmaster.pid", SearchOption.AllDirectories)
            .Select(file => int.Parse(File.ReadLines(file).First(), System.Globalization.CultureInfo.InvariantCulture))
            .Where(pid => Processes.CommandOf(pid).Contains("postgres", StringComparison.Ordinal))];

    /// <summary>What AppHost has told the worker.</summary>
    public string ConnectionString(string name) =>
        Processes.EnvironmentOf(Pids("Aigc.Worker")[0], $"ConnectionStrings__{name}") ?? throw new InvalidOperationException($"The worker has no connection string {name}.");

    /// <summary>The processes of a server, such as <c>redis-server</c>, without the shell that watches over it.</summary>
    public IReadOnlyList<int> Servers(string program) =>
        [.. Processes.Find(Data, program).Where(pid => Path.GetFileName(Processes.CommandOf(pid).Split(' ')[0]).StartsWith(program, StringComparison.Ordinal))];

    public Person Person(string name) => new(this, name);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _host?.Dispose();
        if (KeepData)
            await File.WriteAllTextAsync(Path.Combine(Data, "printed.log"), Log);
        else
            Directory.Delete(Data, recursive: true);
    }

    private async Task ReadyAsync(TimeSpan within)
    {
        using var client = new HttpClient { BaseAddress = Dashboard };
        await Eventually.TrueAsync("the product is ready", within, async () =>
        {
            if (_host!.HasExited)
                throw new InvalidOperationException($"AppHost ended with {_host.ExitCode}:\n{Log}");
            try
            {
                // Degraded is good enough for people at work, not for a test that goes on with everything.
                using var answer = await client.GetAsync("health");
                return answer.IsSuccessStatusCode && (await answer.Content.ReadAsStringAsync()).Contains("\"Healthy\"", StringComparison.Ordinal);
            }
            catch (HttpRequestException)
            {
                return false;
            }
        }, () => Log);
    }

    private void Append(string? line)
    {
        if (line is null)
            return;
        lock (_log)
            _log.AppendLine(line);
    }
}
