using Aspire.Hosting.Page;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Running;

/// <summary>Says once, in one block, that everything is ready, where it is, and what the AppHost wants to add (<c>Hosting:ReadyLines</c>).</summary>
internal sealed class ReadyAnnouncer(
    DistributedApplicationModel model,
    ResourceNotificationService notifications,
    ResourceLoggerService logs,
    IConfiguration configuration,
    ResourcePage page,
    StartTime start) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (logs.Console is not { } console) return;
        await foreach (var _ in notifications.WatchAsync(stoppingToken))
        {
            if (!model.Resources.All(IsReady)) continue;
            console.WriteBlock(Lines());
            return;
        }
    }

    private bool IsReady(IResource resource)
    {
        if (resource.HasAnnotationOfType<ExplicitStartupAnnotation>()) return true;
        var instances = notifications.Instances(resource.Name);
        return instances.Count > 0 && instances.All(i =>
            i.Snapshot.HealthStatus == HealthStatus.Healthy || i.Snapshot.State?.Text == KnownResourceStates.Finished || resource.GetType() == typeof(ContainerResource));
    }

    private IEnumerable<string> Lines()
    {
        yield return FormattableString.Invariant($"Ready in {start.Elapsed.TotalSeconds:0.0} s");
        foreach (var resource in model.Resources)
        {
            foreach (var endpoint in resource.Endpoints().Where(e => e.IsExternal && e.AllocatedEndpoint is not null))
                yield return $"{resource.Name}: {endpoint.AllocatedEndpoint!.UriString}";
        }

        if (page.Address is { } address) yield return $"resources and logs: {address}";
        foreach (var line in configuration.GetSection("Hosting:ReadyLines").GetChildren())
        {
            if (line.Value is { } text) yield return text;
        }
    }
}

internal sealed class StartTime(TimeProvider time)
{
    private readonly long _timestamp = time.GetTimestamp();

    public TimeSpan Elapsed => time.GetElapsedTime(_timestamp);
}
