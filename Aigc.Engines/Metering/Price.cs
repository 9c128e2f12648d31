namespace Aigc.Engines.Metering;

/// <summary>What a GPU-hour, or a GiB of disk for a month, costs from a moment on, until the next price.</summary>
/// <param name="Micros">In millionths of the currency.</param>
public sealed record Price(DateTimeOffset From, long Micros);

/// <summary>The prices of a pool, or of disks. Before the first of them it costs nothing.</summary>
public sealed class PriceList(IEnumerable<Price> prices)
{
    private readonly Price[] _prices = [.. prices.OrderBy(price => price.From)];

    public static PriceList Free { get; } = new([]);

    /// <summary>The moments in between at which the price changes.</summary>
    public IEnumerable<DateTimeOffset> ChangesWithin(DateTimeOffset from, DateTimeOffset until) =>
        _prices.Select(price => price.From).Where(at => at > from && at < until);

    public long At(DateTimeOffset moment) => Array.FindLast(_prices, price => price.From <= moment)?.Micros ?? 0;
}
