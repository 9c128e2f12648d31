using System.Globalization;
using System.Net.Http.Json;
using Aspire.Hosting.Page;
using Aspire.Hosting.Running;
using Microsoft.Extensions.DependencyInjection;

namespace Aigc.Hosting.Tests;

/// <summary>An application of a test's own making, run in this process, with real processes below it.</summary>
internal sealed class Run(DistributedApplication app) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public DistributedApplication App => app;

    public static IDistributedApplicationBuilder Builder(params string[] args) =>
        DistributedApplication.CreateBuilder(new DistributedApplicationOptions { Args = args, DisableDashboard = true });

    public static async Task<Run> StartAsync(IDistributedApplicationBuilder builder)
    {
        var run = new Run(builder.Build());
        await run.App.StartAsync();
        return run;
    }

    public Uri Page => app.Services.GetRequiredService<ResourcePage>().Address!;

    public Task<ResourceEvent> HealthyAsync(string resource) =>
        app.ResourceNotifications.WaitForResourceHealthyAsync(resource, new CancellationTokenSource(Patience).Token);

    public Task<ResourceEvent> ReachesAsync(string resource, Func<CustomResourceSnapshot, bool> state) =>
        app.ResourceNotifications.WaitForResourceAsync(resource, change => state(change.Snapshot), new CancellationTokenSource(Patience).Token);

    public Task<ResourceEvent> ReachesAsync(string resource, string state) => ReachesAsync(resource, s => s.State?.Text == state);

    /// <summary>The environment of a sample service, as it tells it.</summary>
    public async Task<Dictionary<string, string>> EnvironmentAsync(string resource)
    {
        await HealthyAsync(resource);
        using var client = app.CreateHttpClient(resource);
        return (await client.GetFromJsonAsync<Dictionary<string, string>>("environment"))!;
    }

    public string? State(string resourceId) =>
        app.ResourceNotifications.TryGetCurrentState(resourceId, out var change) ? change!.Snapshot.State?.Text : null;

    /// <summary>What a resource wrote, and what was said about it.</summary>
    public string Log(string resourceId) => string.Join('\n', app.Services.GetRequiredService<ResourceLoggerService>().Buffer(resourceId).Snapshot().Select(line => line.Content));

    public bool Restart(string resourceId) => app.Services.GetRequiredService<Orchestrator>().Restart(resourceId);

    public int Pid(string resourceId) => app.ResourceNotifications.TryGetCurrentState(resourceId, out var change) ? PidOf(change!) : 0;

    public static int PidOf(ResourceEvent change) =>
        Convert.ToInt32(change.Snapshot.Properties.Single(p => p.Name == "executable.pid").Value, CultureInfo.InvariantCulture);

    public static bool Exists(int pid) => Directory.Exists($"/proc/{pid}");

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
