using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>The current state of every resource, and a way to wait for one.</summary>
public sealed class ResourceNotificationService
{
    // Far more than happens between two looks of a watcher; one that lags loses the oldest and still ends at the current state.
    private const int Backlog = 1024;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, ResourceEvent> _current = [];
    private readonly HashSet<ChannelWriter<ResourceEvent>> _watchers = [];

    public Task PublishUpdateAsync(IResource resource, Func<CustomResourceSnapshot, CustomResourceSnapshot> stateFactory) =>
        PublishUpdateAsync(resource, resource.Name, stateFactory);

    public Task PublishUpdateAsync(IResource resource, string resourceId, Func<CustomResourceSnapshot, CustomResourceSnapshot> stateFactory)
    {
        lock (_lock)
        {
            var old = _current.GetValueOrDefault(resourceId)?.Snapshot
                ?? new CustomResourceSnapshot { ResourceType = resource.GetType().Name.Replace("Resource", "", StringComparison.Ordinal) };
            var current = _current[resourceId] = new ResourceEvent(resource, resourceId, stateFactory(old));
            foreach (var watcher in _watchers) watcher.TryWrite(current);
        }

        return Task.CompletedTask;
    }

    public bool TryGetCurrentState(string resourceId, out ResourceEvent? resourceEvent)
    {
        lock (_lock) return _current.TryGetValue(resourceId, out resourceEvent);
    }

    /// <summary>Every current state, then every change.</summary>
    public async IAsyncEnumerable<ResourceEvent> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var channel = Channel.CreateBounded<ResourceEvent>(new BoundedChannelOptions(Backlog) { FullMode = BoundedChannelFullMode.DropOldest });
        lock (_lock)
        {
            foreach (var state in _current.Values) channel.Writer.TryWrite(state);
            _watchers.Add(channel.Writer);
        }

        try
        {
            await foreach (var change in channel.Reader.ReadAllAsync(cancellationToken)) yield return change;
        }
        finally
        {
            lock (_lock) _watchers.Remove(channel.Writer);
        }
    }

    public async Task<ResourceEvent> WaitForResourceAsync(string resourceName, Func<ResourceEvent, bool> predicate, CancellationToken cancellationToken = default)
    {
        await foreach (var change in WatchAsync(cancellationToken))
        {
            if (Is(change.Resource, resourceName) && predicate(change)) return change;
        }

        throw new OperationCanceledException(cancellationToken);
    }

    /// <param name="targetState">Running unless given.</param>
    public Task WaitForResourceAsync(string resourceName, string? targetState = null, CancellationToken cancellationToken = default) =>
        WaitForResourceAsync(resourceName, change => change.Snapshot.State?.Text == (targetState ?? KnownResourceStates.Running), cancellationToken);

    /// <summary>Every replica runs and is healthy.</summary>
    /// <exception cref="DistributedApplicationException">The resource failed to start, so waiting is in vain.</exception>
    public Task<ResourceEvent> WaitForResourceHealthyAsync(string resourceName, CancellationToken cancellationToken = default) =>
        WaitForResourceAsync(resourceName, change => change.Snapshot.State?.Text == KnownResourceStates.FailedToStart
            ? throw new DistributedApplicationException($"Resource '{resourceName}' failed to start.")
            : Instances(resourceName).All(instance => instance.Snapshot.HealthStatus == HealthStatus.Healthy), cancellationToken);

    internal IReadOnlyList<ResourceEvent> Current()
    {
        lock (_lock) return [.. _current.Values];
    }

    internal IReadOnlyList<ResourceEvent> Instances(string resourceName) => [.. Current().Where(state => Is(state.Resource, resourceName))];

    private static bool Is(IResource resource, string name) => string.Equals(resource.Name, name, StringComparison.OrdinalIgnoreCase);
}
