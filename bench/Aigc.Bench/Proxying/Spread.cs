using System.Globalization;

namespace Aigc.Bench.Proxying;

/// <summary>The middle of many measurements, and the range of their middle half.</summary>
public readonly record struct Spread(double Low, double Median, double High) : IFormattable
{
    public static Spread Of(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return new(At(0.25), At(0.5), At(0.75));

        double At(double quantile)
        {
            var place = quantile * (sorted.Count - 1);
            var below = (int)place;
            return sorted[below] + (place - below) * (sorted[Math.Min(below + 1, sorted.Count - 1)] - sorted[below]);
        }
    }

    public string ToString(string? format, IFormatProvider? formatProvider) =>
        $"{Median.ToString(format, CultureInfo.InvariantCulture)} ({Low.ToString(format, CultureInfo.InvariantCulture)}..{High.ToString(format, CultureInfo.InvariantCulture)})";
}
