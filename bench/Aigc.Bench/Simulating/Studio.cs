using Aigc.Engines.Metering;
using Aigc.Engines.Pools;

namespace Aigc.Bench.Simulating;

/// <summary>What there is to run on, and how long things take.</summary>
internal static class Studio
{
    public const string Resource = "example.com/gpu-eighth";

    public static readonly TimeSpan Boot = TimeSpan.FromSeconds(25);
    public static readonly TimeSpan Stop = TimeSpan.FromSeconds(5);

    /// <summary>To hand an engine that has started its owner's disk.</summary>
    public static readonly TimeSpan Attach = TimeSpan.FromSeconds(3);

    /// <summary>A pause this long is the end of a stretch of work: who comes back after it arrives, and the oracle sleeps in it.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMinutes(5);

    /// <summary>80 cards, each given in eighths.</summary>
    public static readonly IReadOnlyList<Pool> Pools =
    [
        new("studio", Resource, 48 * 8, 8), new("cloud", Resource, 24 * 8, 8), new("spot", Resource, 8 * 8, 8, Spot: true),
    ];

    public static PriceList PricesOf(string pool) => new([new(DateTimeOffset.MinValue, pool switch { "studio" => 900_000, "cloud" => 2_400_000, _ => 1_100_000 })]);
}
