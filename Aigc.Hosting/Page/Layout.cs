using System.Net;

namespace Aspire.Hosting.Page;

internal static class Layout
{
    public static string Encode(string? text) => WebUtility.HtmlEncode(text ?? "");

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
        {body}
          </main>
        </body>
        </html>
        """;
}
