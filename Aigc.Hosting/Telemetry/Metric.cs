namespace Aspire.Hosting.Telemetry;

/// <summary>The newest value of one series: one metric of one process with one set of attributes.</summary>
internal sealed record Metric
{
    public string Service { get; init; } = "";

    /// <summary>Tells replicas apart.</summary>
    public string Instance { get; init; } = "";
    public string Name { get; init; } = "";
    public string Unit { get; init; } = "";
    public string Description { get; init; } = "";
    public string Kind { get; init; } = "";
    public IReadOnlyList<KeyValuePair<string, string>> Attributes { get; init; } = [];

    /// <summary>Of a sum or gauge.</summary>
    public double Value { get; init; }
    public Histogram? Histogram { get; init; }
}

/// <param name="Bounds">Upper bounds of all buckets but the last, which has none.</param>
internal sealed record Histogram(ulong Count, double Sum, IReadOnlyList<ulong> Counts, IReadOnlyList<double> Bounds, double? Max)
{
    /// <summary>Interpolated within its bucket; null: no values.</summary>
    public double? Quantile(double share)
    {
        var rank = share * Count;
        double before = 0;
        for (var i = 0; i < Counts.Count; i++)
        {
            if (Counts[i] == 0 || before + Counts[i] < rank)
            {
                before += Counts[i];
                continue;
            }

            var lower = i == 0 ? 0 : Bounds[i - 1];
            var upper = i < Bounds.Count ? Bounds[i] : Math.Max(Max ?? lower, lower);
            var value = lower + (upper - lower) * ((rank - before) / Counts[i]);
            return Max is { } max ? Math.Min(value, max) : value;
        }

        return null;
    }
}
