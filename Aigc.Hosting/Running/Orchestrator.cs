using Aspire.Hosting.Health;
using Aspire.Hosting.Waiting;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Running;

/// <summary>Starts every resource, each in its own time, and ends them in reverse order.</summary>
internal sealed partial class Orchestrator(
    DistributedApplicationModel model,
    ProcessCommands commands,
    ResourceNotificationService notifications,
    ResourceLoggerService logs,
    RunOptions options,
    TimeProvider time,
    ILogger<Orchestrator> logger) : IHostedService, IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly HealthProbe _probe = new(time, options);
    private readonly List<ResourceProcess> _processes = [];
    private Task _running = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var dependencies = new Dependencies(notifications);
        var awaited = model.Resources.SelectMany(r => r.Annotations.OfType<WaitAnnotation>())
            .Where(wait => wait.WaitType == WaitType.WaitForCompletion).Select(wait => wait.Resource).ToHashSet();
        foreach (var resource in model.Resources)
        {
            if (resource is ProjectResource or ExecutableResource) AddProcesses(resource, resource is ProjectResource && !awaited.Contains(resource), dependencies);
            else AddPassive(resource);
        }

        _running = Task.WhenAll(_processes.Select(process => Task.Run(() => process.RunAsync(_stopping.Token), CancellationToken.None)));
        return Task.CompletedTask;
    }

    /// <summary>False if there is no such process.</summary>
    public bool Restart(string resourceId)
    {
        var process = _processes.Find(p => p.Id == resourceId);
        process?.Restart();
        return process is not null;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        var last = _processes.OrderByDescending(process => Dependencies.Depth(process.Resource)).ToList();

        // First everybody learns that this is for good, then those are asked to end that others don't wait for.
        last.ForEach(process => process.EndInput());
        last.ForEach(process => process.Terminate());
        var timeout = Task.Delay(options.StopTimeout, time, cancellationToken);
        if (await Task.WhenAny(_running, timeout) == _running)
        {
            await _running;
            return;
        }

        Log.StillRunning(logger, options.StopTimeout.TotalSeconds);
        last.ForEach(process => process.Kill());
        await _running;
    }

    public void Dispose()
    {
        _probe.Dispose();
        _stopping.Dispose();
    }

    private void AddProcesses(IResource resource, bool restartsOnCrash, Dependencies dependencies)
    {
        var replicas = resource.GetReplicaCount();
        for (var replica = 0; replica < replicas; replica++)
        {
            var id = replicas == 1 ? resource.Name : $"{resource.Name}-{replica}";
            var urls = resource.Endpoints().Select(e => new UrlSnapshot(e.Name, e.Allocated[replica].UriString, !e.IsExternal));
            notifications.PublishUpdateAsync(resource, id, s => s with { State = KnownResourceStates.NotStarted, Urls = [.. urls] });
            _processes.Add(new ResourceProcess(resource, id, replica, restartsOnCrash, commands, dependencies, _probe, notifications, logs, options, time));
        }
    }

    private void AddPassive(IResource resource)
    {
        // Stores are embedded or somebody else's, parameters are values: nothing to start. Containers need an engine, which a run does without.
        var runs = resource is not ContainerResource || resource is IResourceWithConnectionString;
        if (!runs) logs.Write(resource.Name, "A container starts only where the application is published to");
        notifications.PublishUpdateAsync(resource, s => s with
        {
            State = runs ? KnownResourceStates.Running : KnownResourceStates.NotStarted,
            HealthStatus = runs ? HealthStatus.Healthy : null,
        });
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Some processes still ran after {Seconds} s and are killed")]
        public static partial void StillRunning(ILogger logger, double seconds);
    }
}
