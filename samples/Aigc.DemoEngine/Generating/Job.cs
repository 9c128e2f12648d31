using System.Text.Json.Nodes;

namespace Aigc.DemoEngine.Generating;

/// <summary>Where a running job is: pictures finished, steps into the current one, and what that one looks like.</summary>
internal sealed record JobProgress(int Finished, int Step, byte[]? Preview);

/// <summary>The names that the client's graph gave to what we do; A1111 requests have no graph.</summary>
internal sealed record JobGraph(JsonObject Nodes, string Sampler, string Output)
{
    public static readonly JobGraph None = new([], "sampler", "output");
}

/// <summary>One order on its way through the queue. It goes on when the client that sent it leaves.</summary>
internal sealed class Job(string id, int number, Order order, JobGraph graph, string? clientId)
{
    private readonly TaskCompletionSource<IReadOnlyList<string>> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile JobProgress _progress = new(0, 0, null);

    public string Id => id;
    public int Number => number;
    public Order Order => order;
    public JobGraph Graph => graph;
    public string? ClientId => clientId;

    public JobProgress Progress { get => _progress; set => _progress = value; }

    /// <summary>The names of the saved files; fails with <see cref="Images.ImageNotSavedException"/>; cancelled when the engine stops.</summary>
    public Task<IReadOnlyList<string>> Completion => _completion.Task;

    public void Succeed(IReadOnlyList<string> files) => _completion.TrySetResult(files);

    public void Fail(Exception error)
    {
        _completion.TrySetException(error);
        // Nobody may be waiting any more: the failure is in the log and in the history.
        _ = _completion.Task.Exception;
    }

    public void Cancel() => _completion.TrySetCanceled();
}
