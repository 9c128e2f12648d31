using System.Diagnostics;
using Aigc.Testing;

namespace Aigc.Worker.Tests.Leading;

/// <summary>The worker as it is run: a process.</summary>
internal sealed class WorkerProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Uri _address;

    private WorkerProcess(Process process, Uri address) => (_process, _address) = (process, address);

    public int Pid => _process.Id;

    public bool HasExited => _process.HasExited;

    public static WorkerProcess Start(Plant plant, bool hosted)
    {
        var address = $"http://127.0.0.1:{FreePort.Next()}";
        var start = new ProcessStartInfo("dotnet", ["exec", Repository.ProgramOf("Aigc.Worker"), "--urls", address])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in plant.Settings)
            start.Environment[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        if (hosted)
            start.Environment["HOSTING_LIFETIME"] = "stdin";
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, line) => Console.WriteLine($"{process.Id} {line.Data}");
        process.ErrorDataReceived += (_, line) => Console.WriteLine($"{process.Id} {line.Data}");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return new(process, new(address));
    }

    /// <summary>It leads, or stands by.</summary>
    public async Task IsHealthyAsync()
    {
        using var http = new HttpClient { BaseAddress = _address };
        await Wait.UntilAsync(
            async () =>
            {
                try
                {
                    return await http.GetStringAsync("/health");
                }
                catch (HttpRequestException exception)
                {
                    return exception.Message;
                }
            },
            answer => answer == "Healthy", "a healthy worker");
    }

    public void Signal(string signal) => Processes.Signal(Pid, signal);

    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public void EndHost() => _process.StandardInput.Close();

    public Task ExitsAsync() => _process.WaitForExitAsync().WaitAsync(Wait.Bound);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await KillAsync();
        _process.Dispose();
    }
}
