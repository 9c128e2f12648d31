using System.Net.ServerSentEvents;
using Aigc.Api.Callers;
using Aigc.Api.Dashboard.Layout;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Aigc.Api.Dashboard.Live;

internal static class LiveEndpoint
{
    public static void MapLiveCards(this RouteGroupBuilder pages) => pages.MapGet("/live", Watch);

    /// <param name="at">The page that is open: its cards' forms lead back there.</param>
    private static ServerSentEventsResult<object> Watch(
        string? at, HttpContext context, Page page, Caller caller, CardFeed feed, CancellationToken cancellationToken)
    {
        context.Response.Headers["X-Accel-Buffering"] = "no";
        var back = RedirectHttpResult.IsLocalUrl(at) ? at! : "/";
        return TypedResults.ServerSentEvents(feed.WatchAsync(page with { Address = back }, caller, cancellationToken));
    }
}
