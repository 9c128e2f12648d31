using System.Net;
using System.Threading.RateLimiting;

namespace Aigc.ServiceDefaults.Limits;

/// <summary>
/// So many of something in a minute, all at once or spread, for each address or person. They share a fixed number of
/// places, by a hash that is another in each process: millions of addresses take no more memory than some thousands,
/// and nobody can choose whom to share a place with.
/// </summary>
public sealed class RateLimit : IDisposable
{
    private const int Places = 1 << 16;

    private readonly PartitionedRateLimiter<int>? _limiter;
    private readonly TimeSpan _period;

    /// <param name="perMinute">0: no limit.</param>
    public RateLimit(int perMinute)
    {
        if (perMinute == 0)
            return;
        _period = TimeSpan.FromMinutes(1) / perMinute;
        var bucket = new TokenBucketRateLimiterOptions
        {
            TokenLimit = perMinute,
            TokensPerPeriod = 1,
            ReplenishmentPeriod = _period,
            AutoReplenishment = false,
            QueueLimit = 0,
        };
        _limiter = PartitionedRateLimiter.Create<int, int>(place => RateLimitPartition.GetTokenBucketLimiter(place, _ => bucket));
    }

    /// <summary>Null: go on. Otherwise nothing was taken, and it is worth to try again after so long.</summary>
    public TimeSpan? Take(IPAddress? address) => Take(Hash(address ?? IPAddress.None));

    public TimeSpan? Take(string person) => Take(person.GetHashCode(StringComparison.Ordinal));

    /// <summary>As <see cref="Take(IPAddress)"/>, and takes nothing in any case.</summary>
    public TimeSpan? Look(IPAddress? address) =>
        _limiter?.GetStatistics(Place(Hash(address ?? IPAddress.None))) is { CurrentAvailablePermits: 0 } ? Whole(_period) : null;

    private TimeSpan? Take(int hash)
    {
        if (_limiter is null)
            return null;
        using var lease = _limiter.AttemptAcquire(Place(hash));
        if (lease.IsAcquired)
            return null;
        return Whole(lease.TryGetMetadata(MetadataName.RetryAfter, out var pause) ? pause : _period);
    }

    private static int Place(int hash) => hash & (Places - 1);

    /// <summary>Whole seconds, because Retry-After counts in them.</summary>
    private static TimeSpan Whole(TimeSpan pause) => TimeSpan.FromSeconds(Math.Ceiling(Math.Max(pause.TotalSeconds, 1)));

    /// <summary>An IPv6 address stands for its /64: so much, and no less, a provider gives to one customer.</summary>
    private static int Hash(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).TryWriteBytes(bytes, out var length);
        var hash = new HashCode();
        hash.AddBytes(bytes[..Math.Min(length, 8)]);
        return hash.ToHashCode();
    }

    public void Dispose() => _limiter?.Dispose();
}
