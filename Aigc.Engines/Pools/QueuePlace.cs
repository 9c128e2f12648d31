using System.Globalization;

namespace Aigc.Engines.Pools;

/// <summary>An engine's place in the queue, as the detail of its reason.</summary>
/// <param name="Position">From 1. Beyond <see cref="Exact"/> it is told in steps, so that a long queue that moves does not change every row.</param>
/// <param name="Pool">The one that it waits for.</param>
/// <param name="Wait">About how long, in minutes; null: nobody can tell.</param>
/// <param name="Other">A pool that has room, and would be taken if its owner asked.</param>
/// <param name="Quota">Which quota holds it, with <see cref="WaitCause.Refused"/>.</param>
public sealed record QueuePlace(int Position, WaitCause? Why = null, string? Pool = null, int? Wait = null, string? Other = null, string? Quota = null)
{
    public const int Exact = 20;
    private const int Step = 10;
    private static readonly int[] Minutes = [1, 2, 3, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240];

    /// <summary>As many as are told of.</summary>
    public static int Rounded(int position) => position <= Exact ? position : position / Step * Step;

    /// <summary>In steps that people plan by; null: longer than anybody can tell.</summary>
    public static int? Rounded(TimeSpan? wait) =>
        wait is { } time ? Minutes.Cast<int?>().FirstOrDefault(minutes => time.TotalMinutes <= minutes) : null;

    public string ToDetail()
    {
        var parts = new List<string> { Position.ToString(CultureInfo.InvariantCulture) };
        Add(parts, "why", Why?.ToString());
        Add(parts, "pool", Pool);
        Add(parts, "wait", Wait?.ToString(CultureInfo.InvariantCulture));
        Add(parts, "other", Other);
        Add(parts, "quota", Quota);
        return string.Join(' ', parts);
    }

    /// <summary>Null for what is no place. What only a newer version tells is left out.</summary>
    public static QueuePlace? Parse(string? detail)
    {
        var parts = (detail ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length == 0 || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var position))
            return null;
        var place = new QueuePlace(position);
        foreach (var part in parts.Skip(1))
        {
            place = part.Split('=', 2) switch
            {
                ["why", var why] when Enum.TryParse<WaitCause>(why, out var reason) => place with { Why = reason },
                ["pool", var pool] => place with { Pool = Uri.UnescapeDataString(pool) },
                ["wait", var wait] when int.TryParse(wait, NumberStyles.None, CultureInfo.InvariantCulture, out var minutes) => place with { Wait = minutes },
                ["other", var other] => place with { Other = Uri.UnescapeDataString(other) },
                ["quota", var quota] => place with { Quota = Uri.UnescapeDataString(quota) },
                _ => place,
            };
        }

        return place;
    }

    private static void Add(List<string> parts, string name, string? value)
    {
        if (value is not null)
            parts.Add($"{name}={Uri.EscapeDataString(value)}");
    }
}
