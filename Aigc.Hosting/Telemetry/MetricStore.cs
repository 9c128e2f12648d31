namespace Aspire.Hosting.Telemetry;

/// <summary>The newest value of each series.</summary>
internal sealed class MetricStore
{
    /// <summary>Beyond it new series are not kept.</summary>
    public const int MaxSeries = 3000;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Metric> _series = [];
    private readonly Signal _changed = new();

    public Task Changed => _changed.Next;

    public void Put(IEnumerable<Metric> metrics)
    {
        lock (_lock)
        {
            foreach (var metric in metrics)
            {
                var key = string.Join('\u001f', [metric.Service, metric.Instance, metric.Name, .. metric.Attributes.Select(a => $"{a.Key}={a.Value}")]);
                if (_series.Count < MaxSeries || _series.ContainsKey(key)) _series[key] = metric;
            }
        }

        _changed.Set();
    }

    /// <param name="service">Null: of all.</param>
    public IReadOnlyList<Metric> List(string? service)
    {
        lock (_lock)
        {
            return
            [
                .. _series.Values.Where(metric => service is null || metric.Service == service)
                    .OrderBy(metric => !metric.Name.StartsWith("aigc.", StringComparison.Ordinal))
                    .ThenBy(metric => metric.Name, StringComparer.Ordinal).ThenBy(metric => metric.Service, StringComparer.Ordinal),
            ];
        }
    }

    public IReadOnlyList<string> Services()
    {
        lock (_lock) return [.. _series.Values.Select(metric => metric.Service).Distinct().Order(StringComparer.Ordinal)];
    }
}
