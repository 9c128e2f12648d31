using System.Text.Json;
using System.Text.Json.Serialization;

namespace Aigc.Engines.Pools;

/// <summary>A supply of GPUs of one kind: on-premises cards, a cloud's node group, shared GPU memory, spot.</summary>
/// <param name="Resource">What pods ask for, such as <c>nvidia.com/gpu</c> or <c>aliyun.com/gpu-mem</c>.</param>
/// <param name="Capacity">In units of the resource.</param>
/// <param name="UnitsPerGpu">How many units are one card: 1 where whole cards are given, its memory where that is shared.</param>
/// <param name="Spot">Whether the supplier may take it back at any time.</param>
/// <param name="StartsAtOnce">How many engines may be on their way to ready; 0: any number.</param>
public sealed record Pool(string Name, string Resource, long Capacity, long UnitsPerGpu = 1, bool Spot = false, int StartsAtOnce = 0)
{
    /// <summary>For people; empty: its name.</summary>
    public string Title { get; init; } = "";

    /// <summary>Nothing is started here unless its owner asks for it.</summary>
    public bool OnRequest { get; init; }

    /// <summary>Labels of its machines; pods that are placed here ask for them.</summary>
    public IReadOnlyDictionary<string, string> NodeSelector { get; init; } = new Dictionary<string, string>();

    /// <summary>A pod's <c>tolerations</c>, for machines that keep others off.</summary>
    public JsonElement? Tolerations { get; init; }

    /// <summary>How engines here fall asleep.</summary>
    public JsonElement? Idle { get; init; }

    /// <summary>It was removed: what runs in it goes on, nothing new starts.</summary>
    [JsonIgnore]
    public bool Closed { get; init; }

    [JsonIgnore]
    public string Shown => Title.Length > 0 ? Title : Name;

    /// <summary>Whether its cards are shared by their memory.</summary>
    [JsonIgnore]
    public bool SharesMemory => UnitsPerGpu > 1;

    /// <summary>GPUs, as people count them.</summary>
    public double GpusOf(long units) => (double)units / UnitsPerGpu;

    /// <summary>The same in thousandths, to the nearest.</summary>
    public long MilliGpusOf(long units) => ((units * 1000) + (UnitsPerGpu / 2)) / UnitsPerGpu;
}
