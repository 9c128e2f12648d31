using Aigc.Proxy.Answers;
using Aigc.Proxy.Gate;
using Aigc.Proxy.HandOff;
using Aigc.Proxy.Routes;
using Aigc.Proxy.Waiting;

namespace Aigc.Proxy;

/// <summary>What the gateway itself serves on an engine's host, under <c>/.aigc/</c>; never forwarded.</summary>
public sealed class OwnPaths(EnterEngine enter, EngineEvents events, WakeAgain wake, QueueForms queue)
{
    private static readonly PathString Prefix = "/.aigc";

    public static bool Contains(PathString path) => path.StartsWithSegments(Prefix, StringComparison.OrdinalIgnoreCase);

    /// <summary>Serves what needs no sign-in; false: the path is not of that kind.</summary>
    public async Task<bool> TryServeOpenAsync(HttpContext context, LiveEngine engine)
    {
        if (context.Request.Path != "/.aigc/enter" || !HttpMethods.IsGet(context.Request.Method))
            return false;
        await enter.ServeAsync(context, engine);
        return true;
    }

    /// <summary>Serves whoever may use the engine.</summary>
    public Task ServeAsync(HttpContext context, Admission admission) => (context.Request.Method, context.Request.Path.Value) switch
    {
        ("GET", "/.aigc/events") => events.ServeAsync(context, admission),
        ("POST", "/.aigc/wake") => wake.ServeAsync(context, admission),
        ("POST", "/.aigc/cancel") => queue.CancelAsync(context, admission),
        ("POST", "/.aigc/pool") => queue.AskForPoolAsync(context, admission),
        _ => Problems.Answer(context, Problems.NoSuchPage),
    };
}
