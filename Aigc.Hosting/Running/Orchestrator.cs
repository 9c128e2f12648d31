using Aspire.Hosting.Health;
using Aspire.Hosting.Stores;
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
    private readonly List<ResourceProcess> _stores = [];
    private Task _running = Task.CompletedTask;
    private Task _storesRunning = Task.CompletedTask;
    private Task _following = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var following = new List<(IResource Database, IResource Server)>();
        var dependencies = new Dependencies(notifications);
        var awaited = model.Resources.SelectMany(r => r.Annotations.OfType<WaitAnnotation>())
            .Where(wait => wait.WaitType == WaitType.WaitForCompletion).Select(wait => wait.Resource).ToHashSet();
        foreach (var resource in model.Resources)
        {
            if (resource.IsProcess()) AddProcesses(resource, resource is not ExecutableResource && !awaited.Contains(resource), dependencies);
            else if (resource is PostgresDatabaseResource { Parent: var server } && server.Server() is not null) following.Add((resource, server));
            else AddPassive(resource);
        }

        _following = Task.WhenAll(following.Select(pair => FollowAsync(pair.Database, pair.Server)));
        _storesRunning = Run(_stores);
        _running = Run(_processes);
        return Task.CompletedTask;
    }

    /// <summary>False if there is no such process.</summary>
    public bool Restart(string resourceId)
    {
        var process = _processes.Concat(_stores).FirstOrDefault(p => p.Id == resourceId);
        process?.Restart();
        return process is not null;
    }

    /// <summary>Stores end last: what uses them writes to the end.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await EndAsync(_processes, _running, options.StopTimeout, cancellationToken);
        await EndAsync(_stores, _storesRunning, options.StoreStopTimeout, cancellationToken);
        await _following;
    }

    public void Dispose()
    {
        _probe.Dispose();
        _stopping.Dispose();
    }

    private async Task EndAsync(List<ResourceProcess> processes, Task running, TimeSpan within, CancellationToken cancellationToken)
    {
        var last = processes.OrderByDescending(process => Dependencies.Depth(process.Resource)).ToList();

        // First everybody learns that this is for good, then those are asked to end that others don't wait for.
        last.ForEach(process => process.EndInput());
        last.ForEach(process => process.Terminate());
        var timeout = Task.Delay(within, time, cancellationToken);
        if (await Task.WhenAny(running, timeout) != running)
        {
            Log.StillRunning(logger, within.TotalSeconds);
            last.ForEach(process => process.Kill());
        }

        await running;
    }

    private Task Run(List<ResourceProcess> processes) =>
        Task.WhenAll(processes.Select(process => Task.Run(() => process.RunAsync(_stopping.Token), CancellationToken.None)));

    /// <summary>A database is as well as its server.</summary>
    private async Task FollowAsync(IResource database, IResource server)
    {
        try
        {
            await foreach (var change in notifications.WatchAsync(_stopping.Token))
            {
                if (change.Resource == server)
                    await notifications.PublishUpdateAsync(database, s => s with { State = change.Snapshot.State, HealthStatus = change.Snapshot.HealthStatus });
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The application ends.
        }
    }

    private void AddProcesses(IResource resource, bool restartsOnCrash, Dependencies dependencies)
    {
        var replicas = resource.GetReplicaCount();
        for (var replica = 0; replica < replicas; replica++)
        {
            var id = replicas == 1 ? resource.Name : $"{resource.Name}-{replica}";
            var urls = resource.Endpoints().Select(e => new UrlSnapshot(e.Name, e.Allocated[replica].UriString, !e.IsExternal));
            notifications.PublishUpdateAsync(resource, id, s => (s with { State = KnownResourceStates.NotStarted, Urls = [.. urls] }).With(KnownProperties.Store, resource.Server()?.Title));
            (resource.Server() is null ? _processes : _stores).Add(new ResourceProcess(resource, id, replica, restartsOnCrash, commands, dependencies, _probe, notifications, logs, options, time));
        }
    }

    private void AddPassive(IResource resource)
    {
        // Such stores are files or somebody else's, parameters are values: nothing to start. Other containers a run does without.
        var runs = resource is not ContainerResource || resource is IResourceWithConnectionString;
        if (!runs) logs.Write(resource.Name, "A container starts only where the application is published to");
        notifications.PublishUpdateAsync(resource, s => (s with
        {
            State = runs ? KnownResourceStates.Running : KnownResourceStates.NotStarted,
            HealthStatus = runs ? HealthStatus.Healthy : null,
        }).With(KnownProperties.Store, StoreText(resource)));
    }

    private static string? StoreText(IResource resource) => resource.Store() switch
    {
        null => null,
        var store when store.Configured(resource.Name) is not null => "configured",
        _ => "embedded",
    };

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Some processes still ran after {Seconds} s and are killed")]
        public static partial void StillRunning(ILogger logger, double seconds);
    }
}
