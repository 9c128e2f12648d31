namespace Aigc.Proxy.Tests.Environment;

public static class Wait
{
    /// <summary>Until a state is reached, within one time budget.</summary>
    public static async Task UntilAsync(Func<bool> state)
    {
        using var budget = new CancellationTokenSource(Gateway.Budget);
        while (!state())
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, budget.Token);
    }
}
