using System.Collections.Concurrent;

namespace Aigc.Proxy.Gate;

/// <summary>
/// Those who are let in without being the owner. Whatever is under way in their name ends with their access, whether it was
/// taken back or has run out.
/// </summary>
public sealed partial class Guests(TimeProvider time, ILogger<Guests> logger) : BackgroundService
{
    /// <summary>So long a guest's stream goes on at most after their access has ended.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<HttpContext, Admission> _inside = new();

    public async Task ServeAsync(HttpContext context, Admission admission, Func<HttpContext, Admission, Task> serve)
    {
        _inside[context] = admission;
        try
        {
            await serve(context, admission);
        }
        finally
        {
            _inside.TryRemove(context, out _);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            foreach (var (context, admission) in _inside)
                if (!admission.Stands(time.GetUtcNow()))
                    End(context, admission);
    }

    private void End(HttpContext context, Admission admission)
    {
        // Before the abort: the object serves another request as soon as this one is over.
        if (!_inside.TryRemove(context, out _))
            return;
        Log.Ended(logger, admission.Engine.Id.Value, admission.SignIn.SignIn.UserName);
        context.Abort();
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Engine {Engine}: the access of {User} is over, and what was under way with it")]
        public static partial void Ended(ILogger logger, string engine, string user);
    }
}
