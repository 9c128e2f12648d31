namespace Aigc.Worker.Tests;

/// <summary>Waits on a state, with one bound for all: generous, because machines that run tests are busy.</summary>
internal static class Wait
{
    public static readonly TimeSpan Bound = TimeSpan.FromSeconds(45);

    public static async Task<T> UntilAsync<T>(Func<Task<T>> read, Func<T, bool> holds, string what)
    {
        using var bound = new CancellationTokenSource(Bound, TimeProvider.System);
        while (true)
        {
            var now = await read();
            if (holds(now))
                return now;
            bound.IsCancellationRequested.ShouldBeFalse($"Waited {Bound} for {what}; last seen: {now}");
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, CancellationToken.None);
        }
    }

    public static Task UntilAsync(Func<bool> holds, string what) => UntilAsync(() => Task.FromResult(holds()), now => now, what);
}
