using Aigc.KubeSim.Api;
using Aigc.KubeSim.Objects;
using Microsoft.Extensions.Logging;

namespace Aigc.KubeSim.Controllers;

/// <summary>Runs all controllers, one object at a time, after what changes and when they asked to look again.</summary>
internal sealed partial class ControllerLoop(ObjectStore store, TimeProvider time, IReadOnlyList<IController> controllers, ILogger logger)
{
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(1);

    private readonly Dictionary<(IController Controller, ObjectKey Key), DateTimeOffset> _due = [];

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var version = 0L;
        while (!cancellationToken.IsCancellationRequested)
        {
            var (changes, upTo, more) = store.Since(version);
            version = upTo;
            var now = time.GetUtcNow();
            foreach (var change in changes)
            {
                foreach (var controller in controllers)
                {
                    foreach (var key in controller.Concerns(change))
                        _due[(controller, key)] = now;
                }
            }

            foreach (var work in _due.Where(one => one.Value <= now).Select(one => one.Key).ToList())
            {
                _due.Remove(work);
                if (Reconcile(work.Controller, work.Key) is { } again)
                    _due[work] = time.GetUtcNow() + again;
            }

            if (more.IsCompleted)
                continue;
            var wait = _due.Count == 0 ? Timeout.InfiniteTimeSpan : _due.Values.Min() - time.GetUtcNow();
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await Task.WhenAny(more, Task.Delay(wait < TimeSpan.Zero && wait != Timeout.InfiniteTimeSpan ? TimeSpan.Zero : wait, time, either.Token));
            await either.CancelAsync();
        }
    }

    private TimeSpan? Reconcile(IController controller, ObjectKey key)
    {
        try
        {
            lock (store.Gate)
                return controller.Reconcile(key);
        }
        catch (ApiException exception)
        {
            Log.Refused(logger, exception, controller.GetType().Name, key);
            return AfterFailure;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Debug, "{Controller} failed for {Key}")]
        public static partial void Refused(ILogger logger, Exception exception, string controller, ObjectKey key);
    }
}
