#if !FULL_FEED
using StackExchange.Redis;

namespace Aigc.Engines.Tracking.Redis;

/// <summary>All links of this connection, old and new, go through its one relay.</summary>
internal sealed partial class RedisConnection
{
    /// <summary>Null without a user.</summary>
    internal UserRelay? Relay { get; } = UserRelay.For(settings, time);

    partial void GoThroughRelay(ref ConfigurationOptions options) => options = Relay?.Options ?? options;

    partial void AskRelay(ref Exception cause) => cause = Relay is null ? cause : Relay.Trouble ?? new IOException("The connection to the server is lost.");

    partial void EndRelay() => Relay?.Dispose();
}
#endif
