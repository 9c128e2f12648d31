namespace Aspire.Hosting.Telemetry;

/// <summary>Reads ExportMetricsServiceRequest: gauges, sums and histograms with explicit buckets, which is what .NET sends.</summary>
internal static class MetricReader
{
    public static List<Metric> Read(byte[] request) => [.. Otlp.Records(request).SelectMany(entry => Read(entry.Service, entry.Instance, [.. entry.Record.Message]))];

    private static IEnumerable<Metric> Read(string service, string instance, List<Field> fields)
    {
        var metric = new Metric { Service = service, Instance = instance };
        foreach (var field in fields)
        {
            if (field.Number == 1) metric = metric with { Name = Otlp.Cut(field.Text) };
            else if (field.Number == 2) metric = metric with { Description = Otlp.Cut(field.Text) };
            else if (field.Number == 3) metric = metric with { Unit = Otlp.Cut(field.Text) };
        }

        foreach (var data in fields)
        {
            if (Kind(data.Number) is not { } kind) continue;
            foreach (var point in data.Message.Where(field => field.Number == 1))
                yield return kind == "histogram" ? ReadHistogram(metric with { Kind = kind }, point) : ReadNumber(metric with { Kind = kind }, point);
        }
    }

    private static string? Kind(int field) => field switch { 5 => "gauge", 7 => "sum", 9 => "histogram", _ => null };

    private static Metric ReadNumber(Metric metric, Field point)
    {
        var attributes = new List<KeyValuePair<string, string>>();
        foreach (var field in point.Message)
        {
            if (field.Number == 4) metric = metric with { Value = field.Double };
            else if (field.Number == 6) metric = metric with { Value = field.Int64 };
            else if (field.Number == 7) attributes.Add(Otlp.Attribute(field));
        }

        return metric with { Attributes = attributes };
    }

    private static Metric ReadHistogram(Metric metric, Field point)
    {
        var attributes = new List<KeyValuePair<string, string>>();
        var (counts, bounds) = (new List<ulong>(), new List<double>());
        var histogram = new Histogram(0, 0, counts, bounds, null);
        foreach (var field in point.Message)
        {
            switch (field.Number)
            {
                case 4: histogram = histogram with { Count = field.UInt64 }; break;
                case 5: histogram = histogram with { Sum = field.Double }; break;
                case 6: counts.AddRange(field.Repeated); break;
                case 7: bounds.AddRange(field.Repeated.Select(BitConverter.UInt64BitsToDouble)); break;
                case 9: attributes.Add(Otlp.Attribute(field)); break;
                case 12: histogram = histogram with { Max = field.Double }; break;
            }
        }

        if (counts.Count > 0 && counts.Count != bounds.Count + 1)
            throw new InvalidDataException($"A histogram has {counts.Count} buckets and {bounds.Count} bounds.");
        return metric with { Histogram = histogram, Attributes = attributes };
    }
}
