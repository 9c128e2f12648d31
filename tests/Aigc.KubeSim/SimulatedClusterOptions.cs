namespace Aigc.KubeSim;

public sealed record SimulatedClusterOptions
{
    /// <summary>The machines that there are at the beginning, with what they have besides cpu and memory.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Nodes { get; init; } = new Dictionary<string, IReadOnlyDictionary<string, string>>
    {
        ["node-1"] = new Dictionary<string, string> { ["nvidia.com/gpu"] = "4" },
    };

    /// <summary>Namespaces besides <c>default</c>.</summary>
    public IReadOnlyList<string> Namespaces { get; init; } = [];

    /// <summary>Until a container that ended runs again; twice as long each time.</summary>
    public TimeSpan FirstBackOff { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Of all pods, where one program answers for thousands; null: each has its own.</summary>
    public string? PodAddress { get; init; }

    /// <summary>How long a node may be silent before it counts as lost.</summary>
    public TimeSpan NodeGracePeriod { get; init; } = TimeSpan.FromSeconds(40);

    /// <summary>0: any that is free.</summary>
    public int Port { get; init; }
}
