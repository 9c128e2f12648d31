using System.Net;

namespace Aspire.Hosting.Page;

internal static class Layout
{
    public static string Encode(string? text) => WebUtility.HtmlEncode(text ?? "");

    public const string SentElsewhere =
        "<p>This run sends its telemetry to the collector that <code>OTEL_EXPORTER_OTLP_ENDPOINT</code> or <code>ASPIRE_DASHBOARD_OTLP_*</code> names. Without these settings it is shown here.</p>";

    private static string Link(string text, string address, string title) =>
        $"<a href=\"{address}\"{(text == title ? " aria-current=\"page\"" : "")}>{text}</a>";

    public static string Page(string title, string body) => $"""
        <!doctype html>
        <html lang="en">
        <head>
          <meta charset="utf-8">
          <meta name="viewport" content="width=device-width, initial-scale=1">
          <meta name="color-scheme" content="light dark">
          <title>{Encode(title)}</title>
          <link rel="stylesheet" href="/page.css">
          <script src="/page.js" defer></script>
        </head>
        <body>
          <main>
            <nav aria-label="Pages" class="pages">{Link("Resources", "/", title)}{Link("Traces", "/traces", title)}{Link("Metrics", "/metrics", title)}</nav>
        {body}
          </main>
        </body>
        </html>
        """;
}
