using System.Text.Json;

namespace Aigc.Engines.Storage;

/// <summary>A pool as far as costs go.</summary>
/// <param name="MilliGpus">What it has, in thousandths of GPUs; null: nobody entered it.</param>
public sealed record PoolSize(string Name, long? MilliGpus, bool IsRemoved)
{
    internal static PoolSize Of(string name, string body, bool isRemoved)
    {
        using var json = JsonDocument.Parse(body);
        var perGpu = Number(json.RootElement, "unitsPerGpu") is > 0 and var units ? units : 1;
        return new(name, Number(json.RootElement, "capacity") * 1000 / perGpu, isRemoved);
    }

    private static long? Number(JsonElement body, string name) =>
        body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? number : null;
}
