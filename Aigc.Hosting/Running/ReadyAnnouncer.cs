using Aspire.Hosting.Page;
using Aspire.Hosting.Stores;
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
    StoreChooser stores,
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

    private List<string> Lines()
    {
        var added = configuration.GetSection("Hosting:ReadyLines").GetChildren().Select(line => line.Value).OfType<string>().ToList();
        List<string> lines = [FormattableString.Invariant($"Ready in {start.Elapsed.TotalSeconds:0.0} s"), .. added];

        if (stores.Summary is { } summary) lines.Add(summary);
        lines.AddRange(stores.Notes);

        // An address that the AppHost tells in its own words is not told twice.
        lines.AddRange(model.Resources
            .SelectMany(resource => resource.Endpoints(), (resource, endpoint) => (resource.Name, endpoint.IsExternal, endpoint.AllocatedEndpoint?.UriString))
            .Where(e => e is { IsExternal: true, UriString: { } uri } && !added.Exists(line => line.Contains(uri, StringComparison.Ordinal)))
            .Select(e => $"{e.Name}: {e.UriString}"));
        if (page.Address is { } address) lines.Add($"resources and logs: {address}");
        return lines;
    }
}

internal sealed class StartTime(TimeProvider time)
{
    private readonly long _timestamp = time.GetTimestamp();

    public TimeSpan Elapsed => time.GetElapsedTime(_timestamp);
}
