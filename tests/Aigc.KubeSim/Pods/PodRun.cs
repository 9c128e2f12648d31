using System.Text.Json.Nodes;
using Aigc.KubeSim.Controllers;
using Aigc.KubeSim.Objects;

namespace Aigc.KubeSim.Pods;

/// <summary>One pod on its node, from its arrival until it is gone.</summary>
internal sealed class PodRun(ObjectKey key, string uid, string address, JsonObject pod, Node node, Kubelet kubelet) : IDisposable
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan PullBackOff = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _ending = new();
    private readonly CancellationTokenSource _gone = new();
    private readonly Behaviour _behaviour = new(pod);
    private PodProcess? _process;
    private TimeSpan _grace;
    private int _restarts;
    private JsonObject? _last;
    private string _since = "";
    private volatile bool _shownReady;

    private Cluster Cluster => kubelet.Cluster;

    private TimeProvider Time => kubelet.Cluster.Time;

    public string Uid => uid;

    /// <summary>The object has got a deletion time.</summary>
    public void End(TimeSpan grace)
    {
        _grace = grace;
        _ending.Cancel();
    }

    /// <summary>The object is gone: nobody is told any more.</summary>
    public void Vanish()
    {
        _grace = TimeSpan.Zero;
        _ending.Cancel();
        _gone.Cancel();
    }

    /// <summary>What the API server has of it, whoever wrote that.</summary>
    public void Saw(JsonObject shown) =>
        _shownReady = shown.Each("status", "conditions").Any(one => one.Text("type") == "Ready" && one.Text("status") == "True");

    public void Kill() => _process?.KillAll();

    public async Task RunAsync()
    {
        try
        {
            await LiveAsync(_ending.Token);
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested)
        {
            // As asked.
        }

        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, Time, _ending.Token);
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested)
        {
            await StopAsync();
        }
    }

    public void Dispose()
    {
        _process?.Dispose();
        _ending.Dispose();
        _gone.Dispose();
    }

    private async Task LiveAsync(CancellationToken cancellationToken)
    {
        await PutAsync("Pending", PodStatus.Waiting("ContainerCreating"), isReady: false);
        await NeedsAsync(cancellationToken);
        await Task.Delay(_behaviour.StartDelay, Time, cancellationToken);
        if (_behaviour.Kind == "pull-error")
            await NeverPullAsync(cancellationToken);
        foreach (var container in pod.Each("spec", "containers"))
        {
            Tell("Normal", "Pulled", $"Container image \"{container.Text("image")}\" already present on machine");
            Tell("Normal", "Created", $"Created container {container.Text("name")}");
            Tell("Normal", "Started", $"Started container {container.Text("name")}");
        }

        while (true)
        {
            var (exitCode, reason) = await RunContainersAsync(cancellationToken);
            var policy = pod.Text("spec", "restartPolicy");
            if (policy == "Never" || (policy == "OnFailure" && exitCode == 0))
            {
                await PutAsync(exitCode == 0 ? "Succeeded" : "Failed", PodStatus.Terminated(exitCode, reason, _since, Cluster.Now), isReady: false);
                return;
            }

            _last = PodStatus.Terminated(exitCode, reason, _since, Cluster.Now);
            await BackOffAsync(cancellationToken);
        }
    }

    private async Task NeedsAsync(CancellationToken cancellationToken)
    {
        var said = "";
        while (kubelet.Needs.Missing(key, uid, node.Name, pod) is { } obstacle)
        {
            if (obstacle.Message != said)
            {
                await PutAsync("Pending", obstacle.State, isReady: false);
                Tell("Warning", obstacle.Reason, said = obstacle.Message);
            }

            await Task.Delay(LookAgain, Time, cancellationToken);
        }
    }

    private async Task NeverPullAsync(CancellationToken cancellationToken)
    {
        var image = pod.Each("spec", "containers").First().Text("image");
        var why = $"rpc error: code = NotFound desc = failed to pull and unpack image \"{image}\"";
        while (true)
        {
            await PutAsync("Pending", PodStatus.Waiting("ErrImagePull", why), isReady: false);
            Tell("Warning", "Failed", $"Failed to pull image \"{image}\": {why}");
            await Task.Delay(LookAgain, Time, cancellationToken);
            await PutAsync("Pending", PodStatus.Waiting("ImagePullBackOff", $"Back-off pulling image \"{image}\""), isReady: false);
            Tell("Normal", "BackOff", $"Back-off pulling image \"{image}\"");
            await Task.Delay(PullBackOff, Time, cancellationToken);
        }
    }

    /// <returns>How they ended.</returns>
    private async Task<(int ExitCode, string Reason)> RunContainersAsync(CancellationToken cancellationToken)
    {
        _since = Cluster.Now;
        var name = pod.Each("spec", "containers").First().Text("name")!;
        var run = _restarts;
        _process = _behaviour.Command is { } command
            ? new(command, kubelet.Environment(key, address, pod), line => kubelet.Logs.Add(uid, name, run, line))
            : null;
        await PutAsync("Running", PodStatus.Running(_since), isReady: false);
        if (_behaviour.Kind == "crash-loop")
        {
            await Task.Delay(LookAgain, Time, cancellationToken);
            return (1, "Error");
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var ready = BeReadyAsync(either.Token);
        var timed = _behaviour.Kind is "succeed" or "fail" or "oom";
        var end = timed ? Task.Delay(_behaviour.RunTime, Time, cancellationToken) : Task.Delay(Timeout.InfiniteTimeSpan, Time, cancellationToken);
        var first = await Task.WhenAny(_process?.Ended ?? end, end);
        await either.CancelAsync();
        await ready;
        if (first == end)
        {
            await end;
            Kill();
            return _behaviour.Kind switch { "succeed" => (0, "Completed"), "fail" => (1, "Error"), _ => (137, "OOMKilled") };
        }

        return (_process!.ExitCode, _process.ExitCode == 0 ? "Completed" : "Error");
    }

    private async Task BeReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(_behaviour.ReadyDelay, Time, cancellationToken);
            if (_behaviour.Kind == "never-ready")
            {
                Tell("Warning", "Unhealthy", "Readiness probe failed: HTTP probe failed with statuscode: 503");
                return;
            }

            var probe = new ReadinessProbe(pod, _process is null ? null : address);
            bool? was = null;
            while (true)
            {
                var now = await probe.AskAsync(cancellationToken);
                // Others call it not ready while its node is lost.
                if (now != was || now != _shownReady)
                    await PutAsync("Running", PodStatus.Running(_since), isReady: now);
                was = now;
                await Task.Delay(now ? TimeSpan.FromSeconds(1) : LookAgain, Time, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The containers have ended, or are to.
        }
    }

    private async Task BackOffAsync(CancellationToken cancellationToken)
    {
        var pause = kubelet.FirstBackOff * Math.Pow(2, Math.Min(5, _restarts));
        var container = pod.Each("spec", "containers").First().Text("name");
        await PutAsync("Running", PodStatus.Waiting("CrashLoopBackOff", $"back-off {pause.TotalSeconds:0}s restarting failed container={container} pod={key.Name}_{key.Namespace}({uid})"), isReady: false);
        Tell("Warning", "BackOff", "Back-off restarting failed container");
        await Task.Delay(pause, Time, cancellationToken);
        _restarts++;
    }

    private async Task StopAsync()
    {
        // Its node can't hear that it is to end; the process goes on.
        await node.WaitConnectedAsync();
        foreach (var container in pod.Each("spec", "containers"))
            Tell("Normal", "Killing", $"Stopping container {container.Text("name")}");
        if (_behaviour.Kind == "stuck-terminating")
            await Task.WhenAny(Task.Delay(Timeout.InfiniteTimeSpan, Time, _gone.Token));
        if (_process is not null)
            await _process.StopAsync(_grace, Time, _gone.Token);
        var delay = _behaviour.StopDelay < _grace ? _behaviour.StopDelay : _grace;
        if (!_gone.IsCancellationRequested && delay > TimeSpan.Zero)
            await Task.WhenAny(Task.Delay(delay, Time, _gone.Token));
        kubelet.Attachments.Detach(uid);
        if (!_gone.IsCancellationRequested && _since.Length > 0)
            await PutAsync(pod.Text("spec", "restartPolicy") == "Never" ? "Failed" : "Succeeded", PodStatus.Terminated(_process?.ExitCode ?? 0, "Completed", _since, Cluster.Now), isReady: false);
        await node.WaitConnectedAsync();
        Cluster.Delete(key, grace: 0, uid);
    }

    private async Task PutAsync(string phase, JsonObject state, bool isReady)
    {
        await node.WaitConnectedAsync();
        if (_gone.IsCancellationRequested)
            return;
        var status = new PodStatus(phase, state, isReady, _restarts, address, _last);
        lock (Cluster.Store.Gate)
        {
            if (Cluster.Store.Find(key)?.Uid == uid)
                Cluster.UpdateStatus(key, content => status.WriteTo(content, pod, Cluster));
        }
    }

    private void Tell(string type, string reason, string message)
    {
        if (node.IsConnected)
            Cluster.Tell(pod, type, reason, message, "kubelet");
    }
}
