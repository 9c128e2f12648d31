using System.Threading.Channels;
using Aspire.Hosting.Health;
using Aspire.Hosting.Stores;
using Aspire.Hosting.Waiting;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Running;

/// <summary>Keeps one replica of a resource running: waits for its dependencies, starts it, probes it, restarts it when it crashes.</summary>
internal sealed class ResourceProcess(
    IResource resource,
    string id,
    int replica,
    bool restartsOnCrash,
    ProcessCommands commands,
    Dependencies dependencies,
    HealthProbe probe,
    ResourceNotificationService notifications,
    ResourceLoggerService logs,
    RunOptions options,
    TimeProvider time)
{
    private readonly Channel<bool> _restarts = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly RestartBackoff _backoff = resource.Server() is null ? RestartBackoff.OfService() : RestartBackoff.OfStore();
    private readonly Lock _lock = new();
    private ChildProcess? _child;
    private bool _ended;
    private int _starts;

    public IResource Resource => resource;

    public string Id => id;

    /// <summary>Starts it again, or for the first time; one that is already asked for is enough.</summary>
    public void Restart() => _restarts.Writer.TryWrite(true);

    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            if (resource.HasAnnotationOfType<ExplicitStartupAnnotation>()) await _restarts.Reader.ReadAsync(stopping);
            Publish(s => s with { State = KnownResourceStates.Waiting });
            await dependencies.WaitAsync(resource, stopping);
            while (!stopping.IsCancellationRequested) await RunOrRetryAsync(stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The application ends.
        }
        catch (DistributedApplicationException e)
        {
            logs.Write(id, e.Message, isError: true);
            Publish(s => s with { State = KnownResourceStates.FailedToStart, HealthStatus = null });
        }
    }

    /// <summary>From now on nothing is started; the process learns that the AppHost ends for good.</summary>
    public void EndInput()
    {
        lock (_lock)
        {
            _ended = true;

            // A store's shell would begin to wait for its clients, who are gone; its signal follows.
            if (resource.Server() is null) _child?.EndInput();
        }
    }

    public void Terminate()
    {
        lock (_lock) _child?.Terminate();
    }

    public void Kill()
    {
        lock (_lock) _child?.Kill();
    }

    // A store that has run before is tried again, whatever is in its way now: everybody waits for it.
    private async Task RunOrRetryAsync(CancellationToken stopping)
    {
        try
        {
            await RunOnceAsync(stopping);
        }
        catch (DistributedApplicationException e) when (_starts > 0 && resource.Server() is not null)
        {
            logs.Write(id, e.Message, isError: true);
            await PauseAsync(1, TimeSpan.Zero, stopping);
        }
    }

    private async Task RunOnceAsync(CancellationToken stopping)
    {
        Publish(s => s with { State = KnownResourceStates.Starting, HealthStatus = null, ExitCode = null });
        var spec = await commands.DescribeAsync(resource, id, replica, stopping);
        if (Start(spec) is not { } child) return;

        using var owned = child;
        var started = time.GetTimestamp();
        Publish(s => (s with { State = KnownResourceStates.Running }).With(KnownProperties.Pid, child.Id).With(KnownProperties.Restarts, _starts - 1));
        var (exitCode, restart) = await WatchAsync(child, stopping);
        lock (_lock) _child = null;

        // A project may leave children for its next start to adopt; an executable's are in the way of its next start.
        if (_ended || resource is not ProjectResource) child.KillGroup();
        if (resource.Server() is { } server) await server.CleanUpAsync(CancellationToken.None);

        Publish(s => (s with
        {
            State = exitCode == 0 ? KnownResourceStates.Finished : KnownResourceStates.Exited,
            ExitCode = exitCode,
            HealthStatus = null,
        }).With(KnownProperties.Pid, null));
        if (!restart && !stopping.IsCancellationRequested) await PauseAsync(exitCode, time.GetElapsedTime(started), stopping);
    }

    private ChildProcess? Start(ProcessSpec spec)
    {
        lock (_lock)
        {
            if (_ended) return null;
            _starts++;
            return _child = ChildProcess.Start(spec, (line, isError) => logs.Write(id, line, isError));
        }
    }

    /// <summary>Until it has exited, by itself, at the end of the application, or because a restart was asked for.</summary>
    private async Task<(int ExitCode, bool Restart)> WatchAsync(ChildProcess child, CancellationToken stopping)
    {
        using var exited = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var health = probe.RunAsync(resource, replica, status => Publish(s => s with { HealthStatus = status }), exited.Token);
        var restart = _restarts.Reader.WaitToReadAsync(exited.Token).AsTask();
        var asked = await Task.WhenAny(child.Exited, restart) == restart && restart.IsCompletedSuccessfully && _restarts.Reader.TryRead(out _);
        if (asked)
        {
            logs.Write(id, "Restarting: asked for on the resource page");
            Publish(s => s with { State = KnownResourceStates.Stopping });
            child.Terminate();
            await Task.WhenAny(child.Exited, Task.Delay(options.StopTimeout, time, stopping));
            if (!child.Exited.IsCompleted && !stopping.IsCancellationRequested) child.Kill();
        }

        var exitCode = await child.Exited;
        await exited.CancelAsync();
        await health;
        return (exitCode, asked);
    }

    /// <summary>A crash waits its backoff; what ended as it should, or is not to be kept running, waits to be asked.</summary>
    private async Task PauseAsync(int exitCode, TimeSpan ranFor, CancellationToken stopping)
    {
        using var pause = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var asked = _restarts.Reader.ReadAsync(pause.Token).AsTask();
        if (restartsOnCrash && (exitCode != 0 || resource.Server() is not null))
        {
            var delay = _backoff.After(ranFor);
            logs.Write(id, $"Ended with exit code {exitCode}; starts again in {delay.TotalSeconds:0.#} s", isError: true);
            await Task.WhenAny(asked, Task.Delay(delay, time, pause.Token));
        }
        else
        {
            logs.Write(id, $"Ended with exit code {exitCode}");
            await Task.WhenAny(asked);
        }

        await pause.CancelAsync();
        await Task.WhenAny(asked);
        stopping.ThrowIfCancellationRequested();
    }

    private void Publish(Func<CustomResourceSnapshot, CustomResourceSnapshot> change) => _ = notifications.PublishUpdateAsync(resource, id, change);
}
