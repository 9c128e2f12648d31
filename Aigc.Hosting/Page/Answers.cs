using System.Net.ServerSentEvents;
using Microsoft.AspNetCore.Http;

namespace Aspire.Hosting.Page;

internal static class Answers
{
    public static Task HtmlAsync(HttpContext context, string html)
    {
        context.Response.ContentType = "text/html; charset=utf-8";
        return context.Response.WriteAsync(html, context.RequestAborted);
    }

    /// <summary>Sends events until the reader leaves or <paramref name="stopping"/>.</summary>
    public static async Task StreamAsync(HttpContext context, Func<CancellationToken, IAsyncEnumerable<SseItem<string>>> items, CancellationToken stopping)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        context.Response.ContentType = "text/event-stream";
        try
        {
            await SseFormatter.WriteAsync(items(end.Token), context.Response.Body, end.Token);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The reader left, or the AppHost ends.
        }
    }
}
