using Aspire.Hosting.Telemetry;

namespace Aspire.Hosting.Page;

internal static class TracesView
{
    public static string Render(IReadOnlyList<Trace> traces, bool received) => Layout.Page("Traces", received
        ? $"""
        <h1>Traces</h1>
        <p class="note">The newest {TraceStore.MaxTraces}. A span appears about a second after it has ended.</p>
        <table>
          <thead><tr><th scope="col">Name</th><th scope="col">Services</th><th scope="col">Began</th><th scope="col">Duration</th><th scope="col">Spans</th><th scope="col">Status</th></tr></thead>
          <tbody data-stream="/traces/changes">{Rows(traces)}</tbody>
        </table>
        """
        : $"<h1>Traces</h1>{Layout.SentElsewhere}");

    public static string Rows(IReadOnlyList<Trace> traces) => traces.Count == 0
        ? """<tr><td colspan="6">None yet. Open the dashboard, or visit an engine.</td></tr>"""
        : string.Concat(traces.Select(Row));

    private static string Row(Trace trace) =>
        $"<tr><th scope=\"row\"><a id=\"t{trace.Id}\" href=\"/traces/{trace.Id}\">{Layout.Encode(trace.Root.Name)}</a>{Subject(trace.Root)}</th>"
        + $"<td data-label=\"Services\">{Layout.Encode(string.Join(", ", trace.Services))}</td>"
        + $"<td data-label=\"Began\" class=\"number\">{Words.Clock(trace.Start)}</td>"
        + $"<td data-label=\"Duration\" class=\"number\">{Words.Of(trace.End - trace.Start)}</td>"
        + $"<td data-label=\"Spans\" class=\"number\">{trace.Spans.Count + trace.Dropped}</td>"
        + $"<td data-label=\"Status\">{(trace.Failed ? "<span class=\"bad\">failed</span>" : "<span class=\"good\">ok</span>")}</td></tr>";

    /// <summary>What tells it from others of the same name.</summary>
    private static string Subject(Span span)
    {
        var text = string.Join(" ", span.Attributes.Where(a => a.Key is "aigc.engine.host" or "url.path").OrderBy(a => a.Key).Select(a => a.Value));
        return text.Length == 0 ? "" : $"<br><span class=\"note\">{Layout.Encode(text)}</span>";
    }
}
