using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Aspire.Hosting.Running;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Aspire.Hosting.Page;

internal sealed class PageEndpoints(
    DistributedApplicationModel model,
    ResourceNotificationService notifications,
    ResourceLoggerService logs,
    Orchestrator orchestrator,
    CancellationToken stopping)
{
    public void Map(WebApplication app)
    {
        app.MapGet("/", context => Html(context, ResourcesView.Render(InOrder())));
        app.MapGet("/changes", context => Stream(context, Changes));
        app.MapGet("/resources/{id}", context => Existing(context, id => Html(context, LogsView.Render(id, logs.Buffer(id).Snapshot()))));
        app.MapGet("/resources/{id}/lines", context => Existing(context, id => Stream(context, token => Lines(id, LastSeen(context), token))));
        app.MapPost("/resources/{id}/restart", Restart);
        app.MapGet("/page.css", context => Asset(context, "text/css"));
        app.MapGet("/page.js", context => Asset(context, "text/javascript"));
    }

    private IEnumerable<ResourceEvent> InOrder() => model.Resources.SelectMany(resource => notifications.Instances(resource.Name));

    private Task Restart(HttpContext context)
    {
        if (!orchestrator.Restart(Id(context))) context.Response.StatusCode = StatusCodes.Status404NotFound;
        else
        {
            context.Response.StatusCode = StatusCodes.Status303SeeOther;
            context.Response.Headers.Location = "/";
        }

        return Task.CompletedTask;
    }

    private Task Existing(HttpContext context, Func<string, Task> handle)
    {
        if (notifications.TryGetCurrentState(Id(context), out _)) return handle(Id(context));
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    private async IAsyncEnumerable<SseItem<string>> Changes([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var _ in notifications.WatchAsync(cancellationToken)) yield return new(ResourcesView.Rows(InOrder()));
    }

    private async IAsyncEnumerable<SseItem<string>> Lines(string id, int after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var line in logs.Buffer(id).FollowAsync(after, cancellationToken))
            yield return new(LogsView.Line(line)) { EventId = FormattableString.Invariant($"{line.LineNumber}") };
    }

    private Task Stream(HttpContext context, Func<CancellationToken, IAsyncEnumerable<SseItem<string>>> items) => Answers.StreamAsync(context, items, stopping);

    private static Task Html(HttpContext context, string html) => Answers.HtmlAsync(context, html);

    private static async Task Asset(HttpContext context, string type)
    {
        context.Response.ContentType = type;
        await using var asset = typeof(PageEndpoints).Assembly.GetManifestResourceStream(context.Request.Path.Value!.TrimStart('/'))!;
        await asset.CopyToAsync(context.Response.Body, context.RequestAborted);
    }

    private static string Id(HttpContext context) => (string)context.Request.RouteValues["id"]!;

    // A reconnecting browser says what it saw last; a fresh page says it in the address.
    private static int LastSeen(HttpContext context)
    {
        var header = context.Request.Headers["Last-Event-ID"].ToString();
        return int.TryParse(header.Length > 0 ? header : context.Request.Query["after"], out var line) ? line : 0;
    }
}
