namespace Aigc.Engines.Metering;

/// <summary>What a GPU-hour costs from a moment on, until the next price.</summary>
/// <param name="MicrosPerGpuHour">In millionths of the currency.</param>
public sealed record Price(DateTimeOffset From, long MicrosPerGpuHour);

/// <summary>The prices of a pool. Before the first of them it costs nothing.</summary>
public sealed class PriceList(IEnumerable<Price> prices)
{
    private readonly Price[] _prices = [.. prices.OrderBy(price => price.From)];

    public static PriceList Free { get; } = new([]);

    /// <summary>The moments in between at which the price changes.</summary>
    public IEnumerable<DateTimeOffset> ChangesWithin(DateTimeOffset from, DateTimeOffset until) =>
        _prices.Select(price => price.From).Where(at => at > from && at < until);

    public long At(DateTimeOffset moment) => _prices.LastOrDefault(price => price.From <= moment)?.MicrosPerGpuHour ?? 0;
}
