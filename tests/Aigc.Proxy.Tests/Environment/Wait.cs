namespace Aigc.Proxy.Tests.Environment;

public static class Wait
{
    /// <summary>Until a state is reached, within one time budget.</summary>
    public static Task UntilAsync(Func<bool> state) => UntilAsync(() => Task.FromResult(state()));

    public static async Task UntilAsync(Func<Task<bool>> state)
    {
        using var budget = new CancellationTokenSource(Gateway.Budget);
        while (!await state())
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, budget.Token);
    }
}
