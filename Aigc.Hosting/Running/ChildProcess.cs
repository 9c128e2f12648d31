using System.ComponentModel;
using System.Diagnostics;

namespace Aspire.Hosting.Running;

/// <summary>A running process, the lines it writes, and the pipe whose end tells it that the AppHost has ended for good.</summary>
internal sealed class ChildProcess : IDisposable
{
    private readonly Process _process;
    private readonly TaskCompletionSource<int> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ChildProcess(Process process) => _process = process;

    public int Id { get; private init; }

    /// <summary>Completes with the exit code; does not wait for grandchildren that still hold the output.</summary>
    public Task<int> Exited => _exited.Task;

    /// <exception cref="DistributedApplicationException">The program does not exist or may not be run.</exception>
    public static ChildProcess Start(ProcessSpec spec, Action<string, bool> onLine)
    {
        var info = new ProcessStartInfo(spec.FileName, spec.Arguments)
        {
            WorkingDirectory = spec.WorkingDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        info.Environment.Clear();
        foreach (var (name, value) in spec.Environment) info.Environment[name] = value;

        var process = new Process { StartInfo = info, EnableRaisingEvents = true };
        var exited = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        process.Exited += (_, _) => exited.TrySetResult();
        try
        {
            process.Start();
        }
        catch (Win32Exception e)
        {
            process.Dispose();
            throw new DistributedApplicationException($"'{spec.FileName}' could not be started in {spec.WorkingDirectory}: {e.Message}", e);
        }

        var child = new ChildProcess(process) { Id = process.Id };
        var output = Task.WhenAll(ReadAsync(process.StandardOutput, false, onLine), ReadAsync(process.StandardError, true, onLine));
        _ = child.FollowAsync(exited.Task, output);
        return child;
    }

    /// <summary>Tells the process that the AppHost ends for good.</summary>
    public void EndInput()
    {
        try
        {
            _process.StandardInput.Close();
        }
        catch (IOException) when (Exited.IsCompleted)
        {
            // The other end was already gone.
        }
    }

    /// <summary>Asks the process to end; without signals, on Windows, it is killed.</summary>
    public void Terminate()
    {
        if (Exited.IsCompleted) return;
        if (OperatingSystem.IsWindows()) Kill();
        else Signals.Terminate(Id);
    }

    /// <summary>Ends the process and everything that it started.</summary>
    public void Kill()
    {
        try
        {
            if (!Exited.IsCompleted) _process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It, or one of its children, ended meanwhile.
        }

        KillGroup();
    }

    /// <summary>Ends what an already ended process has left behind in its group.</summary>
    public void KillGroup()
    {
        if (!OperatingSystem.IsWindows() && ProcessGroup.Supported) Signals.KillGroup(Id);
    }

    public void Dispose() => _process.Dispose();

    private static async Task ReadAsync(StreamReader reader, bool isError, Action<string, bool> onLine)
    {
        try
        {
            while (await reader.ReadLineAsync(CancellationToken.None) is { } line) onLine(line, isError);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The process was disposed while a grandchild still held the pipe.
        }
    }

    // The last lines arrive before the exit is told, except those of a grandchild that holds the pipe.
    private async Task FollowAsync(Task exited, Task output)
    {
        await exited;
        await Task.WhenAny(output, Task.Delay(TimeSpan.FromMilliseconds(250), TimeProvider.System));
        _exited.TrySetResult(_process.ExitCode);
    }
}
