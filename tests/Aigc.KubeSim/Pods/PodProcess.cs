using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Aigc.KubeSim.Pods;

/// <summary>A container that runs: a shell and what it started, in a session of their own.</summary>
internal sealed class PodProcess : IDisposable
{
    private const int Terminate = 15;
    private const int Kill = 9;

    private readonly Process _process;

    public PodProcess(string command, IReadOnlyDictionary<string, string> environment, Action<string> line)
    {
        var start = new ProcessStartInfo("setsid", ["sh", "-c", command]) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        _process = new() { StartInfo = start };
        _process.OutputDataReceived += (_, data) => Tell(data.Data);
        _process.ErrorDataReceived += (_, data) => Tell(data.Data);
        _process.Start();
        _process.StandardInput.Close();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        Ended = _process.WaitForExitAsync(CancellationToken.None);

        void Tell(string? text)
        {
            if (text is not null)
                line(text);
        }
    }

    public int Id => _process.Id;

    public Task Ended { get; }

    public int ExitCode => _process.ExitCode;

    /// <summary>Asks it to end, and makes it after the grace.</summary>
    public async Task StopAsync(TimeSpan grace, TimeProvider time, CancellationToken hurry)
    {
        Signal(Terminate);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(hurry);
        await Task.WhenAny(Ended, Task.Delay(grace, time, either.Token));
        await either.CancelAsync();
        // Also what the shell has left behind.
        Signal(Kill);
        await Ended;
    }

    public void KillAll() => Signal(Kill);

    public void Dispose() => _process.Dispose();

    private void Signal(int signal) => _ = SendSignal(-_process.Id, signal);

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int SendSignal(int pid, int signal);
}
