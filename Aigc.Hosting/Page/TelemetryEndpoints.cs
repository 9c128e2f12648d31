using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Aspire.Hosting.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Aspire.Hosting.Page;

/// <summary>What the services have told of themselves.</summary>
internal sealed class TelemetryEndpoints(OtlpReceiver receiver, TraceStore traces, MetricStore metrics, TimeProvider time, CancellationToken stopping)
{
    /// <summary>Between two updates of an open page.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public void Map(WebApplication app)
    {
        app.MapGet("/traces", context => Answers.HtmlAsync(context, TracesView.Render(traces.List(), receiver.Enabled)));
        app.MapGet("/traces/changes", context => FollowAsync(context, () => traces.Changed, () => TracesView.Rows(traces.List())));
        app.MapGet("/traces/{id}", ShowAsync);
        app.MapGet("/traces/{id}/changes", context => FollowAsync(context, () => traces.Changed, () => traces.Find(Id(context)) is { } trace ? TraceView.Rows(trace) : ""));
        app.MapGet("/metrics", context => Answers.HtmlAsync(context, MetricsView.Render(metrics.List(Service(context)), metrics.Services(), Service(context), receiver.Enabled)));
        app.MapGet("/metrics/changes", context => FollowAsync(context, () => metrics.Changed, () => MetricsView.Rows(metrics.List(Service(context)))));
    }

    private Task ShowAsync(HttpContext context)
    {
        if (traces.Find(Id(context)) is { } trace) return Answers.HtmlAsync(context, TraceView.Render(trace));
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Answers.HtmlAsync(context, TraceView.Gone());
    }

    private Task FollowAsync(HttpContext context, Func<Task> changed, Func<string> html) =>
        Answers.StreamAsync(context, token => ItemsAsync(changed, html, token), stopping);

    private async IAsyncEnumerable<SseItem<string>> ItemsAsync(Func<Task> changed, Func<string> html, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var last = "";
        while (true)
        {
            // The signal first, then the look: no change is missed.
            var next = changed();
            if (html() is var now && now != last) yield return new(last = now);
            await next.WaitAsync(cancellationToken);
            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    private static string Id(HttpContext context) => (string)context.Request.RouteValues["id"]!;

    private static string? Service(HttpContext context) => context.Request.Query["service"].ToString() is { Length: > 0 } service ? service : null;
}
