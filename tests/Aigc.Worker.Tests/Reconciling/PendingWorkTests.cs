using Aigc.Worker.Reconciling;

namespace Aigc.Worker.Tests.Reconciling;

public sealed class PendingWorkTests
{
    /// <summary>On a machine out of breath a short delay is over before the thread that asked for it goes on.</summary>
    [Fact]
    public async Task A_delay_that_is_over_at_once_does_not_swallow_those_after_it()
    {
        using var work = new PendingWork<string>(new NoDelay());
        using var end = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var looks = 0;
        work.Enqueue("engine");
        await Should.ThrowAsync<OperationCanceledException>(work.RunAsync(
            1,
            async key =>
            {
                if (++looks == 5)
                    await end.CancelAsync();
                work.EnqueueAfter(key, TimeSpan.FromMilliseconds(100));
            },
            end.Token));
        looks.ShouldBe(5, "an engine would be starting for ever");
    }

    [Fact]
    public async Task What_is_asked_for_twice_is_never_handled_twice_at_once()
    {
        using var work = new PendingWork<string>(TimeProvider.System);
        using var end = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        work.Enqueue("engine");
        work.Enqueue("engine");
        work.Enqueue("another");
        var handled = new System.Collections.Concurrent.ConcurrentQueue<string>();
        await Should.ThrowAsync<OperationCanceledException>(work.RunAsync(
            1,
            async key =>
            {
                handled.Enqueue(key);
                if (key == "another")
                    await end.CancelAsync();
            },
            end.Token));
        string.Join(", ", handled).ShouldBe("engine, another", "an engine would be started and released at the same time");
    }

    /// <summary>Every timer fires as soon as it is armed, within the very call.</summary>
    private sealed class NoDelay : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = new Immediate(callback, state);
            timer.Change(dueTime, period);
            return timer;
        }

        private sealed class Immediate(TimerCallback callback, object? state) : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period)
            {
                if (dueTime != Timeout.InfiniteTimeSpan)
                    callback(state);
                return true;
            }

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
