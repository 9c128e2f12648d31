using Aigc.Engines.Tracking;
using Aigc.Testing;

namespace Aigc.Engines.Tests.Tracking;

/// <summary>Everything that a watcher was told so far.</summary>
internal sealed class Watched : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly List<TrackerChange> _all = [];
    private Task _watching = Task.CompletedTask;

    public IReadOnlyList<TrackerChange> All
    {
        get
        {
            lock (_all)
                return [.. _all];
        }
    }

    public static Watched By(ISessionTracker tracker)
    {
        var watched = new Watched();
        watched._watching = Task.Run(() => watched.WatchAsync(tracker));
        return watched;
    }

    public async Task UntilAsync(Func<IReadOnlyList<TrackerChange>, bool> check)
    {
        await Eventually.TrueAsync("the watcher was told", TimeSpan.FromSeconds(30), () =>
        {
            if (_watching.IsFaulted)
                _watching.GetAwaiter().GetResult();
            return All.Count > 0 && check(All);
        }, () => string.Join('\n', All));
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _watching;
        _end.Dispose();
    }

    private async Task WatchAsync(ISessionTracker tracker)
    {
        try
        {
            await foreach (var change in tracker.WatchAsync(_end.Token))
                lock (_all)
                    _all.Add(change);
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            // Watching goes on until it is cancelled.
        }
    }
}
