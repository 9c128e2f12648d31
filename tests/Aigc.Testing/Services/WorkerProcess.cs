using System.Diagnostics;

namespace Aigc.Testing.Services;

/// <summary>The worker as it is run: a process.</summary>
public sealed class WorkerProcess : IAsyncDisposable
{
    /// <summary>Generous: machines that run tests are busy.</summary>
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly Uri _address;

    private WorkerProcess(Process process, Uri address) => (_process, _address, Pid) = (process, address, process.Id);

    public int Pid { get; }

    public bool HasExited => _process.HasExited;

    /// <param name="hosted">It ends with the standard input that it is given.</param>
    /// <param name="log">Gets each line that it prints.</param>
    public static WorkerProcess Start(IReadOnlyDictionary<string, string?> settings, bool hosted, Action<string> log)
    {
        var address = $"http://127.0.0.1:{FreePort.Next()}";
        var start = new ProcessStartInfo("dotnet", ["exec", Repository.ProgramOf("Aigc.Worker"), "--urls", address])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in settings)
            start.Environment[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        if (hosted)
            start.Environment["HOSTING_LIFETIME"] = "stdin";
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, line) => Tell(line.Data);
        process.ErrorDataReceived += (_, line) => Tell(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return new(process, new(address));

        void Tell(string? line)
        {
            if (line is not null)
                log($"{process.Id} {line}");
        }
    }

    /// <summary>It leads, or stands by.</summary>
    public async Task IsHealthyAsync()
    {
        using var http = new HttpClient { BaseAddress = _address };
        var answer = "";
        await Eventually.TrueAsync("a healthy worker", Bound, async () =>
        {
            try
            {
                answer = await http.GetStringAsync("/health");
            }
            catch (HttpRequestException exception)
            {
                answer = exception.Message;
            }

            return answer == "Healthy";
        }, () => answer);
    }

    public void Signal(string signal) => Processes.Signal(Pid, signal);

    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public void EndHost() => _process.StandardInput.Close();

    public Task ExitsAsync() => _process.WaitForExitAsync().WaitAsync(Bound);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await KillAsync();
        _process.Dispose();
    }
}
