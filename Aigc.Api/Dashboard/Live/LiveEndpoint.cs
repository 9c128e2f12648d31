using Aigc.Api.Callers;
using Aigc.Api.Dashboard.Layout;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Aigc.Api.Dashboard.Live;

internal static class LiveEndpoint
{
    public static void MapLiveCards(this RouteGroupBuilder pages) => pages.MapGet("/live", WatchAsync);

    /// <param name="at">The page that is open: its cards' forms lead back there.</param>
    /// <param name="cards">Whether it has cards, too.</param>
    private static async Task WatchAsync(string? at, bool? cards, HttpContext context, Page page, Caller caller, CardFeed feed, IHostApplicationLifetime host)
    {
        context.Response.Headers["X-Accel-Buffering"] = "no";
        var back = RedirectHttpResult.IsLocalUrl(at) ? at! : "/";
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, host.ApplicationStopping);
        try
        {
            await TypedResults.ServerSentEvents(feed.WatchAsync(page with { Address = back }, caller, cards ?? true, end.Token)).ExecuteAsync(context);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The stream's ordinary end.
        }
    }
}
