namespace Aigc.KubeSim.Pods;

/// <summary>One machine of the cluster.</summary>
internal sealed class Node(string name, IReadOnlyDictionary<string, string> allocatable, IReadOnlyDictionary<string, string> labels)
{
    private volatile TaskCompletionSource? _lost;

    public string Name => name;

    public IReadOnlyDictionary<string, string> Allocatable => allocatable;

    public IReadOnlyDictionary<string, string> Labels => labels;

    public bool IsConnected => _lost is null;

    public void Lose() => _lost ??= new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Return()
    {
        var lost = _lost;
        _lost = null;
        lost?.SetResult();
    }

    public Task WaitConnectedAsync() => _lost?.Task ?? Task.CompletedTask;
}
