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

    /// <param name="perMinute">0: no limit.</param>
    public RateLimit(int perMinute)
    {
        if (perMinute == 0)
            return;
        var bucket = new TokenBucketRateLimiterOptions
        {
            TokenLimit = perMinute,
            TokensPerPeriod = 1,
            ReplenishmentPeriod = TimeSpan.FromMinutes(1) / perMinute,
            AutoReplenishment = false,
            QueueLimit = 0,
        };
        _limiter = PartitionedRateLimiter.Create<int, int>(place => RateLimitPartition.GetTokenBucketLimiter(place, _ => bucket));
    }

    /// <summary>Null: go on. Otherwise nothing was taken, and it is worth to try again after so long.</summary>
    public TimeSpan? Take(IPAddress? address) => Acquire(address, 1);

    /// <summary>As <see cref="Take(IPAddress)"/>, and takes nothing in any case.</summary>
    public TimeSpan? Look(IPAddress? address) => Acquire(address, 0);

    public TimeSpan? Take(string person) => Acquire(person.GetHashCode(StringComparison.Ordinal), 1);

    private TimeSpan? Acquire(IPAddress? address, int count) => Acquire(Hash(address ?? IPAddress.None), count);

    private TimeSpan? Acquire(int hash, int count)
    {
        if (_limiter is null)
            return null;
        using var lease = _limiter.AttemptAcquire(hash & (Places - 1), count);
        if (lease.IsAcquired)
            return null;
        // Whole seconds, because Retry-After counts in them.
        return lease.TryGetMetadata(MetadataName.RetryAfter, out var pause)
            ? TimeSpan.FromSeconds(Math.Ceiling(Math.Max(pause.TotalSeconds, 1)))
            : TimeSpan.FromSeconds(1);
    }

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
