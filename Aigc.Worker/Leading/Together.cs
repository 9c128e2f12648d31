namespace Aigc.Worker.Leading;

/// <summary>Tasks that live and end together.</summary>
internal static class Together
{
    /// <summary>Runs all until the first ends, however it ends; then ends the others and waits for them.</summary>
    /// <exception cref="Exception">What the first to fail threw.</exception>
    public static async Task RunAsync(CancellationToken cancellationToken, params Func<CancellationToken, Task>[] runs)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var tasks = runs.Select(run => Task.Run(() => run(end.Token), CancellationToken.None)).ToList();
        var first = await Task.WhenAny(tasks);
        await end.CancelAsync();
        await Task.WhenAll(tasks).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await (tasks.Find(task => task.IsFaulted) ?? first);
    }
}
