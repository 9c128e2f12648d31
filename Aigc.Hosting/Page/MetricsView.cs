using Aspire.Hosting.Telemetry;

namespace Aspire.Hosting.Page;

internal static class MetricsView
{
    public static string Render(IReadOnlyList<Metric> metrics, IReadOnlyList<string> services, string? service, bool received) => Layout.Page("Metrics", received
        ? $"""
        <h1>Metrics</h1>
        <nav aria-label="Service" class="filter">{Link("All services", null, service)}{string.Concat(services.Select(name => Link(name, name, service)))}</nav>
        <table>
          <thead><tr><th scope="col">Metric</th><th scope="col">Service</th><th scope="col">Attributes</th><th scope="col">Value</th><th scope="col">Unit</th></tr></thead>
          <tbody data-stream="/metrics/changes{(service is null ? "" : "?service=" + Uri.EscapeDataString(service))}">{Rows(metrics)}</tbody>
        </table>
        """
        : $"<h1>Metrics</h1>{Layout.SentElsewhere}");

    public static string Rows(IReadOnlyList<Metric> metrics) => metrics.Count == 0
        ? """<tr><td colspan="5">None yet. Services tell their metrics every two seconds.</td></tr>"""
        : string.Concat(metrics.Select(Row));

    private static string Row(Metric metric) =>
        $"<tr><th scope=\"row\">{Layout.Encode(metric.Name)}<br><span class=\"note\">{Layout.Encode(metric.Description)}</span></th>"
        + $"<td data-label=\"Service\">{Layout.Encode(metric.Instance == metric.Service || metric.Instance.Length == 0 ? metric.Service : metric.Instance)}</td>"
        + (metric.Attributes.Count == 0 ? "<td class=\"empty\"></td>" : $"<td data-label=\"Attributes\"><div>{Words.Attributes(metric.Attributes)}</div></td>")
        + $"<td data-label=\"Value\" class=\"number\">{Value(metric)}</td>"
        + $"<td data-label=\"Unit\">{Layout.Encode(metric.Unit)}</td></tr>";

    private static string Value(Metric metric)
    {
        if (metric.Histogram is not { } histogram) return Layout.Encode(Words.Of(metric.Value, metric.Unit));
        if (histogram.Quantile(0.5) is not { } p50 || histogram.Quantile(0.95) is not { } p95) return $"{histogram.Count}×";
        return $"{histogram.Count}×<br>p50 {Layout.Encode(Words.Of(p50, metric.Unit))}<br>p95 {Layout.Encode(Words.Of(p95, metric.Unit))}";
    }

    private static string Link(string text, string? service, string? current) =>
        $"<a href=\"/metrics{(service is null ? "" : "?service=" + Uri.EscapeDataString(service))}\"{(service == current ? " aria-current=\"page\"" : "")}>{Layout.Encode(text)}</a>";
}
