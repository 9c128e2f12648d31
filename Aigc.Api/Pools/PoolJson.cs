using System.Text.Json;
using Aigc.Engines.Metering;
using Aigc.Engines.Pools;

namespace Aigc.Api.Pools;

/// <summary>A pool as the API shows it.</summary>
/// <param name="Closed">It was removed, and engines are still in it.</param>
/// <param name="Prices">The oldest first; each is valid until the next.</param>
public sealed record PoolJson(
    string Name, string Title, string Resource, long Capacity, long UnitsPerGpu, bool Spot, bool OnRequest, int StartsAtOnce,
    IReadOnlyDictionary<string, string> NodeSelector, JsonElement? Tolerations, JsonElement? Idle, bool Closed, PoolUseJson Use, IReadOnlyList<PriceJson> Prices)
{
    public static PoolJson Of(PoolView view) => new(
        view.Pool.Name, view.Pool.Title, view.Pool.Resource, view.Pool.Capacity, view.Pool.UnitsPerGpu, view.Pool.Spot, view.Pool.OnRequest, view.Pool.StartsAtOnce,
        view.Pool.NodeSelector, view.Pool.Tolerations, view.Pool.Idle, view.Pool.Closed,
        new(view.Use.Engines, view.Use.Units, view.Pool.GpusOf(view.Use.Units), view.Use.Waiting), [.. view.Prices.Select(PriceJson.Of)]);
}

/// <param name="Waiting">Engines in the queue for it.</param>
public sealed record PoolUseJson(int Engines, long Units, double Gpus, int Waiting);

/// <param name="PerGpuHour">In the studio's currency.</param>
public sealed record PriceJson(DateTimeOffset From, decimal PerGpuHour)
{
    public static PriceJson Of(Price price) => new(price.From, price.Micros / 1_000_000m);
}

/// <param name="Capacity">In units of the resource.</param>
public sealed record PoolRequestJson(
    string? Resource, long? Capacity, string? Title = null, long UnitsPerGpu = 1, bool Spot = false, bool OnRequest = false, int StartsAtOnce = 0,
    Dictionary<string, string>? NodeSelector = null, JsonElement? Tolerations = null, JsonElement? Idle = null)
{
    public Pool ToPool(string name) => new(name, Resource ?? "", Capacity ?? -1, UnitsPerGpu, Spot, StartsAtOnce)
    {
        Title = Title ?? "",
        OnRequest = OnRequest,
        NodeSelector = NodeSelector ?? [],
        Tolerations = Tolerations is { ValueKind: not JsonValueKind.Null } tolerations ? tolerations : null,
        Idle = Idle is { ValueKind: not JsonValueKind.Null } idle ? idle : null,
    };
}

/// <param name="From">Null: from now on.</param>
public sealed record PriceRequest(decimal? PerGpuHour, DateTimeOffset? From = null);
