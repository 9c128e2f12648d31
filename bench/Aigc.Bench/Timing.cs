namespace Aigc.Bench;

internal static class Timing
{
    public static async Task<TimeSpan> TimeAsync(Func<Task> run)
    {
        var begin = TimeProvider.System.GetTimestamp();
        await run();
        return TimeProvider.System.GetElapsedTime(begin);
    }
}
