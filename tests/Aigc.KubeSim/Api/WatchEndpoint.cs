using System.Text;
using System.Text.Json.Nodes;
using Aigc.KubeSim.Faults;
using Aigc.KubeSim.Objects;
using Aigc.KubeSim.Watching;
using Microsoft.AspNetCore.Http;

namespace Aigc.KubeSim.Api;

/// <summary>Tells what changes, a line for each event.</summary>
internal sealed class WatchEndpoint(ObjectStore store, ClusterFaults faults, TimeProvider time)
{
    private static readonly TimeSpan BetweenBookmarks = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(30);

    public async Task StreamAsync(HttpContext context, ApiPath path, QueryOptions query)
    {
        var selection = new Selection(path.Type, query["labelSelector"], query["fieldSelector"]);
        var version = query.Version ?? 0;
        var length = query.Number("timeoutSeconds") is > 0 and var seconds ? TimeSpan.FromSeconds(seconds) : Longest;
        context.Response.ContentType = "application/json";
        // The headers come at once: who watches knows that it does.
        await context.Response.StartAsync(context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);

        if (version == 0)
            version = await ListAsync(context, path, selection);
        await TellOldAsync(context, path, selection, version);
        using var end = new CancellationTokenSource(length, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(end.Token, context.RequestAborted);
        using var bookmarks = query.Flag("allowWatchBookmarks") ? new PeriodicTimer(BetweenBookmarks, time) : null;
        var bookmark = Tick(bookmarks, either.Token);
        while (!either.IsCancellationRequested)
        {
            if (store.Since(path.Type, version) is not { } since)
            {
                await WriteAsync(context, "ERROR", ApiException.Expired($"too old resource version: {version} ({store.Version})").Status().ToJsonString());
                return;
            }

            foreach (var change in since.Changes)
                await TellAsync(context, path, selection, change);
            version = Math.Max(version, since.UpTo);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            var done = await Task.WhenAny(since.More, bookmark, Task.Delay(Timeout.InfiniteTimeSpan, time, either.Token));
            if (done == bookmark && !either.IsCancellationRequested)
            {
                await BookmarkAsync(context, path, version);
                bookmark = Tick(bookmarks, either.Token);
            }
        }

        if (bookmarks is not null && !context.RequestAborted.IsCancellationRequested)
            await BookmarkAsync(context, path, version);
    }

    private async Task TellOldAsync(HttpContext context, ApiPath path, Selection selection, long version)
    {
        if (faults.OldEvents is not { IsCompleted: false } over)
            return;
        foreach (var change in store.Until(path.Type, version))
            await TellAsync(context, path, selection, change);
        await context.Response.Body.FlushAsync(context.RequestAborted);
        await over.WaitAsync(context.RequestAborted);
    }

    private async Task<long> ListAsync(HttpContext context, ApiPath path, Selection selection)
    {
        List<StoredObject> all;
        long version;
        lock (store.Gate)
            (all, version) = (store.List(path.Type, path.Namespace), store.Version);
        foreach (var one in all.Where(selection.Has))
            await WriteAsync(context, "ADDED", one.Json);
        return version;
    }

    /// <summary>What comes to match is new to the watcher, and what does not match any more is gone.</summary>
    private static async Task TellAsync(HttpContext context, ApiPath path, Selection selection, Change change)
    {
        if (path.Namespace is { } space && change.Key.Namespace != space)
            return;
        if (path.Name is { } name && change.Key.Name != name)
            return;
        var had = change.Before is { } before && selection.Has(before);
        var has = !change.IsDeletion && selection.Has(change.After);
        if (had && has)
            await WriteAsync(context, "MODIFIED", change.After.Json);
        else if (has)
            await WriteAsync(context, "ADDED", change.After.Json);
        else if (had)
        {
            var last = (change.IsDeletion ? change.After : change.Before!).Read();
            last["metadata"]!["resourceVersion"] = $"{change.Version}";
            await WriteAsync(context, "DELETED", last.ToJsonString(StoredObject.Relaxed));
        }
    }

    private static async Task BookmarkAsync(HttpContext context, ApiPath path, long version)
    {
        var mark = new JsonObject
        {
            ["kind"] = path.Type.Kind,
            ["apiVersion"] = path.Type.ApiVersion,
            ["metadata"] = new JsonObject { ["resourceVersion"] = $"{version}", ["creationTimestamp"] = null },
        };
        await WriteAsync(context, "BOOKMARK", mark.ToJsonString());
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }

    private static Task Tick(PeriodicTimer? timer, CancellationToken cancellationToken) =>
        timer?.WaitForNextTickAsync(cancellationToken).AsTask() ?? Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);

    private static Task WriteAsync(HttpContext context, string type, string json) => WriteAsync(context, type, Encoding.UTF8.GetBytes(json));

    private static async Task WriteAsync(HttpContext context, string type, ReadOnlyMemory<byte> json)
    {
        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes($"{{\"type\":\"{type}\",\"object\":"), context.RequestAborted);
        await context.Response.Body.WriteAsync(json, context.RequestAborted);
        await context.Response.Body.WriteAsync("}\n"u8.ToArray(), context.RequestAborted);
    }
}
