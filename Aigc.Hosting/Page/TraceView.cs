using System.Globalization;
using Aspire.Hosting.Telemetry;

namespace Aspire.Hosting.Page;

/// <summary>One trace: its spans below each other, each with the time it took of the whole.</summary>
internal static class TraceView
{
    /// <summary>Deeper spans are not indented further.</summary>
    private const int MaxIndent = 8;

    public static string Render(Trace trace) => Layout.Page($"{trace.Root.Name}: trace", $"""
        <p><a href="/traces">All traces</a></p>
        <h1>{Layout.Encode(trace.Root.Name)}</h1>
        <p class="note">{Words.Clock(trace.Start)} · {Words.Of(trace.End - trace.Start)} · trace <code>{trace.Id}</code>{(trace.Dropped == 0 ? "" : $" · {trace.Dropped} more spans are not kept")}</p>
        <table class="waterfall">
          <thead><tr><th scope="col">Span</th><th scope="col">Service</th><th scope="col">After</th><th scope="col">Duration</th><th scope="col">Time</th></tr></thead>
          <tbody data-stream="/traces/{trace.Id}/changes">{Rows(trace)}</tbody>
        </table>
        """);

    public static string Gone() => Layout.Page("No such trace", """
        <h1>No such trace</h1>
        <p>It has made room for newer ones, or it was never told. <a href="/traces">All traces</a></p>
        """);

    public static string Rows(Trace trace)
    {
        var (start, whole) = (trace.Start, Math.Max((trace.End - trace.Start).TotalMicroseconds, 1));
        return string.Concat(trace.Spans.Select(entry => Row(entry.Span, entry.Depth, start, whole)));
    }

    private static string Row(Span span, int depth, DateTimeOffset start, double whole) =>
        $"<tr><th scope=\"row\" class=\"d{Math.Min(depth, MaxIndent)}\">{Details(span)}</th>"
        + $"<td data-label=\"Service\">{Layout.Encode(span.Service)}</td>"
        + $"<td data-label=\"After\" class=\"number\">{Words.Of(span.Start - start)}</td>"
        + $"<td data-label=\"Duration\" class=\"number\">{Words.Of(span.Duration)}</td>"
        + $"<td class=\"bar\">{Bar(span, start, whole)}</td></tr>";

    private static string Details(Span span)
    {
        var name = $"{Layout.Encode(span.Name)}{(span.Failed ? $" <span class=\"bad\">failed{(span.Message is { Length: > 0 } message ? ": " + Layout.Encode(message) : "")}</span>" : "")}";
        List<KeyValuePair<string, string>> shown = [new("span", span.Id), .. span.Kind.Length == 0 ? [] : new[] { KeyValuePair.Create("kind", span.Kind) }, .. span.Attributes];
        var links = string.Concat(span.Links.Select(link => $"<br><a href=\"/traces/{link}\">linked trace {link[..8]}…</a>"));
        return $"<details id=\"s{span.Id}\"><summary id=\"n{span.Id}\">{name}</summary><div class=\"attributes\">{Words.Attributes(shown)}{links}</div></details>";
    }

    // Positions are attributes of the picture, because the page allows no inline styles. The numbers beside it say the same to screen readers.
    private static string Bar(Span span, DateTimeOffset start, double whole)
    {
        var x = Math.Clamp((span.Start - start).TotalMicroseconds / whole * 100, 0, 100);
        var width = Math.Clamp(span.Duration.TotalMicroseconds / whole * 100, 0.4, 100);
        return string.Create(CultureInfo.InvariantCulture, $"""
            <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" class="{(span.Failed ? "bad" : "")}"><rect x="{Math.Min(x, 100 - width):0.##}" y="0" width="{width:0.##}" height="10" fill="currentColor"/></svg>
            """);
    }
}
