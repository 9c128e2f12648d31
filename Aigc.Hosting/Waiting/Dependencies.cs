using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Waiting;

/// <summary>Lets a resource start when those it waits for are as far as they have to be.</summary>
internal sealed class Dependencies(ResourceNotificationService notifications)
{
    /// <exception cref="DistributedApplicationException">One of them can no longer get there.</exception>
    public async Task WaitAsync(IResource resource, CancellationToken cancellationToken)
    {
        foreach (var wait in resource.Annotations.OfType<WaitAnnotation>())
        {
            await notifications.WaitForResourceAsync(
                wait.Resource.Name,
                _ => notifications.Instances(wait.Resource.Name).All(instance => IsMet(wait, instance.Snapshot)),
                cancellationToken);
        }
    }

    /// <summary>The resources it waits for, those that they wait for, and so on.</summary>
    public static int Depth(IResource resource) =>
        resource.Annotations.OfType<WaitAnnotation>().Select(wait => 1 + Depth(wait.Resource)).DefaultIfEmpty(0).Max();

    /// <exception cref="DistributedApplicationException">Resources wait for each other.</exception>
    public static void Validate(IEnumerable<IResource> resources)
    {
        foreach (var resource in resources) Visit(resource, []);
    }

    private static void Visit(IResource resource, IReadOnlyList<string> path)
    {
        if (path.Contains(resource.Name))
            throw new DistributedApplicationException($"Resources wait for each other: {string.Join(" → ", path)} → {resource.Name}.");
        foreach (var wait in resource.Annotations.OfType<WaitAnnotation>()) Visit(wait.Resource, [.. path, resource.Name]);
    }

    private static bool IsMet(WaitAnnotation wait, CustomResourceSnapshot snapshot)
    {
        var state = snapshot.State?.Text;
        if (state == KnownResourceStates.FailedToStart)
            throw new DistributedApplicationException($"'{wait.Resource.Name}' failed to start.");
        if (wait.WaitType != WaitType.WaitForCompletion)
            return state == KnownResourceStates.Running && (wait.WaitType == WaitType.WaitUntilStarted || snapshot.HealthStatus == HealthStatus.Healthy);
        if (state != KnownResourceStates.Finished && state != KnownResourceStates.Exited) return false;
        return snapshot.ExitCode == wait.ExitCode
            ? true
            : throw new DistributedApplicationException($"'{wait.Resource.Name}' ended with exit code {snapshot.ExitCode}, not {wait.ExitCode}.");
    }
}
