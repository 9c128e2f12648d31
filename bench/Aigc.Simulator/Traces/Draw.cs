namespace Aigc.Simulator.Traces;

/// <summary>Random numbers, the same for the same seed.</summary>
internal sealed class Draw(int seed)
{
    private readonly Random _random = new(seed);

    public bool Chance(double probability) => _random.NextDouble() < probability;

    public double Between(double from, double to) => from + ((to - from) * _random.NextDouble());

    public double Normal(double mean, double deviation) =>
        mean + (deviation * Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble()));

    /// <param name="deviation">Of its logarithm.</param>
    public double LogNormal(double median, double deviation) => median * Math.Exp(Normal(0, deviation));

    public T OneOf<T>(IReadOnlyList<(double Share, T Value)> values)
    {
        var left = _random.NextDouble();
        foreach (var (share, value) in values)
        {
            left -= share;
            if (left < 0)
                return value;
        }

        return values[^1].Value;
    }
}
