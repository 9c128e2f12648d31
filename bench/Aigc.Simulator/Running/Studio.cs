using Aigc.Engines.Metering;
using Aigc.Engines.Pools;

namespace Aigc.Simulator.Running;

/// <summary>What there is to run on, what it costs, and how long things take.</summary>
internal static class Studio
{
    /// <summary>Cards are given in eighths.</summary>
    public const int UnitsPerGpu = 8;
    public const string Resource = "example.com/gpu-eighth";

    public static readonly TimeSpan Boot = TimeSpan.FromSeconds(25);
    public static readonly TimeSpan Stop = TimeSpan.FromSeconds(5);

    /// <summary>To hand an engine that has started its owner's disk.</summary>
    public static readonly TimeSpan Attach = TimeSpan.FromSeconds(3);

    /// <summary>How long a large engine may be overtaken by smaller ones.</summary>
    public static readonly TimeSpan Overtaking = TimeSpan.FromSeconds(30);

    /// <summary>80 cards.</summary>
    public static readonly IReadOnlyList<Pool> Pools =
    [
        new("studio", Resource, 48 * UnitsPerGpu, UnitsPerGpu),
        new("cloud", Resource, 24 * UnitsPerGpu, UnitsPerGpu),
        new("spot", Resource, 8 * UnitsPerGpu, UnitsPerGpu, Spot: true),
    ];

    /// <summary>For an hour of a card.</summary>
    public static PriceList PricesOf(string pool) => new([new(DateTimeOffset.MinValue, pool switch { "studio" => 900_000, "cloud" => 2_400_000, _ => 1_100_000 })]);
}
