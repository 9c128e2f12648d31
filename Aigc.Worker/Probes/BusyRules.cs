using System.Text.Json;
using Aigc.Engines.Templates;

namespace Aigc.Worker.Probes;

/// <summary>Reads busy or idle out of what engines answer; pure.</summary>
internal static class BusyRules
{
    public static BusyAnswer Judge(BusyProbe probe, JsonElement answer) => probe.Kind switch
    {
        BusyProbeKind.A1111 => Any(answer, "/state/job_count", "/progress"),
        BusyProbeKind.ComfyUi => Any(answer, "/queue_running", "/queue_pending") with { Jobs = Count(answer, "/queue_running", "/queue_pending") },
        _ => Any(answer, probe.JsonPointer ?? ""),
    };

    public static long? Count(BusyProbe probe, JsonElement answer) =>
        probe.Count is { } pointer && JsonPointer.TryResolve(answer, pointer, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var count)
            ? count
            : null;

    /// <summary>Busy when one place says so; idle only when each is there and says idle.</summary>
    private static BusyAnswer Any(JsonElement answer, params ReadOnlySpan<string> pointers)
    {
        string? missing = null;
        foreach (var pointer in pointers)
        {
            if (!JsonPointer.TryResolve(answer, pointer, out var value))
                missing = pointer;
            else if (SaysBusy(value))
                return new(Busyness.Busy, $"{pointer} is {Show(value)}", value.ValueKind == JsonValueKind.Array ? value.GetArrayLength() : null);
        }

        return missing is null ? new(Busyness.Idle, "works on nothing") : new(Busyness.Unknown, $"answered without {missing}");
    }

    private static int? Count(JsonElement answer, params ReadOnlySpan<string> lists)
    {
        var count = 0;
        foreach (var list in lists)
        {
            if (JsonPointer.TryResolve(answer, list, out var value) && value.ValueKind == JsonValueKind.Array)
                count += value.GetArrayLength();
        }

        return count == 0 ? null : count;
    }

    private static bool SaysBusy(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.Number => value.TryGetDouble(out var number) && number > 0,
        JsonValueKind.Array => value.GetArrayLength() > 0,
        JsonValueKind.Object => value.GetPropertyCount() > 0,
        JsonValueKind.String => value.GetString() is { Length: > 0 },
        _ => false,
    };

    private static string Show(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => $"a list of {value.GetArrayLength()}",
        JsonValueKind.Object or JsonValueKind.String => "not empty",
        _ => value.GetRawText(),
    };
}
