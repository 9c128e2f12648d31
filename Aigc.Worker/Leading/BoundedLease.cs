using Aigc.Engines.Leading;

namespace Aigc.Worker.Leading;

/// <summary>
/// The lease with a bound on each call, whatever the database does: some drivers block their thread until their own time is over.
/// A call that is still on its way is never joined by a second one.
/// </summary>
public sealed class BoundedLease(LeaderLease lease, TimeProvider time)
{
    private Task _onItsWay = Task.CompletedTask;

    public Task<LeaderLease.Held?> ReadAsync(TimeSpan timeout, CancellationToken cancellationToken) =>
        RunAsync(lease.ReadAsync, timeout, cancellationToken);

    public Task<Term?> TakeAsync(LeaderLease.Held? seen, long atLeast, TimeSpan timeout, CancellationToken cancellationToken) =>
        RunAsync(token => lease.TakeAsync(seen, token, atLeast), timeout, cancellationToken);

    public Task<bool> BeatAsync(Term term, TimeSpan timeout, CancellationToken cancellationToken) =>
        RunAsync(token => lease.BeatAsync(term, token), timeout, cancellationToken);

    public Task<bool> ReleaseAsync(Term term, TimeSpan timeout, CancellationToken cancellationToken) =>
        RunAsync(token => lease.ReleaseAsync(term, token), timeout, cancellationToken);

    /// <exception cref="TimeoutException">What was asked may still happen.</exception>
    private async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> call, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var bound = new CancellationTokenSource(timeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(bound.Token, cancellationToken);
        try
        {
            // What became of it matters to nobody: the next look at the lease tells.
            await ((Task)_onItsWay.WaitAsync(both.Token)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            both.Token.ThrowIfCancellationRequested();
            var token = both.Token;
            var answer = Task.Run(() => call(token), CancellationToken.None);
            _onItsWay = answer;
            return await answer.WaitAsync(both.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"The database did not answer within {timeout.TotalSeconds:0.0} s.");
        }
    }
}
