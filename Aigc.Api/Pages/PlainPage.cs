using System.Text.Encodings.Web;

namespace Aigc.Api.Pages;

/// <summary>A page of a few words, without scripts or styles of its own.</summary>
/// <param name="Html">What follows the paragraph; already encoded.</param>
public sealed record PlainPage(int Status, string Title, string Sentence, string Html = "") : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = Status;
        httpContext.Response.ContentType = "text/html; charset=utf-8";
        httpContext.Response.Headers.CacheControl = "no-store";
        return httpContext.Response.WriteAsync(
            $"""
            <!doctype html>
            <html lang="en">
            <head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{Encode(Title)}</title></head>
            <body><main><h1>{Encode(Title)}</h1><p>{Encode(Sentence)}</p>{Html}</main></body>
            </html>
            """,
            httpContext.RequestAborted);
    }

    public static string Encode(string text) => HtmlEncoder.Default.Encode(text);

    public static string Link(string href, string text) => $"""<p><a href="{Encode(href)}">{Encode(text)}</a></p>""";
}
