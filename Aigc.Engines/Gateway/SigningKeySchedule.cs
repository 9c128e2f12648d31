namespace Aigc.Engines.Gateway;

/// <summary>When a signing key is made, signs, is published and goes. All APIs decide alike from the same keys.</summary>
/// <param name="Rotation">How old the newest key grows before there is another.</param>
public sealed record SigningKeySchedule(TimeSpan Rotation)
{
    /// <summary>A key is published this long before it signs: who has kept the list before sees it in time.</summary>
    public static readonly TimeSpan Announcement = TimeSpan.FromMinutes(15);

    /// <summary>A key is published this long after it signed last: proxies may be slow to hear of the next, and what it signed is still good.</summary>
    public static readonly TimeSpan Farewell = TimeSpan.FromHours(1);

    /// <param name="keys">Newest first.</param>
    public bool WantsAnother(IReadOnlyList<SigningKey> keys, DateTimeOffset now) => keys.Count == 0 || keys[0].CreatedAt + Rotation <= now;

    /// <summary>The key that signs now.</summary>
    /// <param name="keys">Newest first, at least one.</param>
    public static SigningKey Current(IReadOnlyList<SigningKey> keys, DateTimeOffset now) =>
        keys.FirstOrDefault(key => key.CreatedAt + Announcement <= now) ?? keys[^1];

    /// <summary>What was made before then has been of no use for long enough.</summary>
    public DateTimeOffset Oldest(DateTimeOffset now) => now - Rotation - Announcement - Farewell;
}
