using System.Text.Json;
using Aigc.Proxy.Answers;
using Aigc.Proxy.Gate;
using Aigc.Proxy.Routes;

namespace Aigc.Proxy.Waiting;

/// <summary>Streams an engine's state to its waiting page. Watching is no activity and wakes nothing.</summary>
public sealed class EngineEvents(RouteTable routes, TimeProvider time, IHostApplicationLifetime lifetime)
{
    /// <summary>Often enough that nothing on the way takes the connection for dead.</summary>
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    /// <summary>The queue moves with other engines, of which a page hears nothing.</summary>
    private static readonly TimeSpan QueueLook = TimeSpan.FromSeconds(2);
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public async Task ServeAsync(HttpContext context, Admission admission)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, admission.SignIn.Ended, lifetime.ApplicationStopping);
        var (engine, language) = (admission.Engine, Language.Of(context.Request));
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        admission.SignIn.UseBegan();
        try
        {
            while (!engine.Removed)
            {
                var changed = engine.Changed;
                var route = routes.Placed(engine.Route);
                var view = JsonSerializer.Serialize(EngineView.Of(engine, route, language, time.GetUtcNow()), Json);
                await context.Response.WriteAsync($"retry: 1000\nevent: state\ndata: {view}\n\n", end.Token);
                while (await Task.WhenAny(changed, Task.Delay(route.Reason.Ahead is null ? Heartbeat : QueueLook, time, end.Token)) != changed
                    && routes.Placed(engine.Route).Reason == route.Reason)
                    await context.Response.WriteAsync(":\n\n", end.Token);
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The page is gone, or its sign-in, or the proxy.
        }
        finally
        {
            admission.SignIn.UseEnded();
        }
    }
}
