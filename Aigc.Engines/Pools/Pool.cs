namespace Aigc.Engines.Pools;

/// <summary>A supply of GPUs of one kind: on-premises cards, a cloud's node group, shared GPU memory, spot.</summary>
/// <param name="Resource">What pods ask for, such as <c>nvidia.com/gpu</c> or <c>aliyun.com/gpu-mem</c>.</param>
/// <param name="Capacity">In units of the resource.</param>
/// <param name="UnitsPerGpu">How many units are one card: 1 where whole cards are given, its memory where that is shared.</param>
/// <param name="Spot">Whether the supplier may take it back at any time.</param>
/// <param name="StartsAtOnce">How many engines may be on their way to ready; 0: any number.</param>
public sealed record Pool(string Name, string Resource, long Capacity, long UnitsPerGpu = 1, bool Spot = false, int StartsAtOnce = 0)
{
    /// <summary>GPUs, as people count them.</summary>
    public double GpusOf(long units) => (double)units / UnitsPerGpu;
}
