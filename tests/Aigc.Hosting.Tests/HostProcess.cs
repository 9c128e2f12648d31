using System.Diagnostics;
using System.Net;
using Aigc.Testing;

namespace Aigc.Hosting.Tests;

/// <summary>The sample AppHost as a process of its own, as a developer runs it.</summary>
internal sealed class HostProcess : IAsyncDisposable
{
    private readonly DirectoryInfo _mark = Directory.CreateTempSubdirectory("aigc-hosting-");
    private readonly Process _process;

    private HostProcess(Dictionary<string, string> environment)
    {
        Port = FreePort.Next();
        var program = Path.Combine(AppContext.BaseDirectory, "Sample.AppHost.dll");
        // Tests that run in the background inherit an ignored Ctrl+C; a developer's terminal does not ignore it.
        var start = new ProcessStartInfo("env", ["--default-signal=INT", "dotnet", "exec", program, $"--Port={Port}"]) { RedirectStandardOutput = true };
        start.Environment["AIGC_HOSTING_TEST"] = _mark.FullName;
        foreach (var (name, value) in environment) start.Environment[name] = value;
        _process = Process.Start(start)!;
    }

    public int Port { get; }

    public Uri Service => new($"http://localhost:{Port}/");

    public StreamReader Output => _process.StandardOutput;

    /// <summary>The AppHost and everything below it.</summary>
    public IReadOnlyList<int> Pids => Processes.Find(_mark.FullName, "");

    public static async Task<HostProcess> StartAsync(Dictionary<string, string>? environment = null)
    {
        var host = new HostProcess(environment ?? []);
        using var client = new HttpClient { BaseAddress = host.Service };
        await Eventually.TrueAsync("the sample is up", TimeSpan.FromSeconds(30), async () =>
        {
            try
            {
                return (await client.GetAsync("health")).StatusCode == HttpStatusCode.OK
                    && host.Running("sleep\01000") >= 2 && host.Running("trap") > 0;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        });
        return host;
    }

    public int Running(string program) => Processes.Find(_mark.FullName, program).Count;

    public async Task EndAsync(string signal)
    {
        Processes.Signal(_process.Id, signal);
        await _process.WaitForExitAsync(new CancellationTokenSource(TimeSpan.FromSeconds(30)).Token);
    }

    public Task NothingRunsAsync(TimeSpan within) => Eventually.TrueAsync(
        "no process is left", within, () => Pids.Count == 0, () => string.Join('\n', Pids.Select(Processes.CommandOf)));

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) await EndAsync("KILL");
        _process.Dispose();
        _mark.Delete(recursive: true);
    }
}
