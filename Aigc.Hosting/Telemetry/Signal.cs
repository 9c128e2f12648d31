namespace Aspire.Hosting.Telemetry;

/// <summary>Completes for all who wait. Take <see cref="Next"/>, then look, then wait: no change is missed.</summary>
internal sealed class Signal
{
    private volatile TaskCompletionSource _next = New();

    public Task Next => _next.Task;

    public void Set() => Interlocked.Exchange(ref _next, New()).SetResult();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
