namespace Aigc.Testing;

/// <summary>Waits for a state, up to a bound; never for a time.</summary>
public static class Eventually
{
    public static Task TrueAsync(string what, TimeSpan within, Func<bool> check, Func<string>? context = null) =>
        TrueAsync(what, within, () => Task.FromResult(check()), context);

    public static async Task TrueAsync(string what, TimeSpan within, Func<Task<bool>> check, Func<string>? context = null, TimeSpan? interval = null)
    {
        var deadline = TimeProvider.System.GetTimestamp() + (long)(within.TotalSeconds * TimeProvider.System.TimestampFrequency);
        while (!await check())
        {
            if (TimeProvider.System.GetTimestamp() > deadline)
                throw new TimeoutException($"Not within {within.TotalSeconds} s: {what}.\n{context?.Invoke()}");
            await Task.Delay(interval ?? TimeSpan.FromMilliseconds(50), TimeProvider.System, CancellationToken.None);
        }
    }
}
