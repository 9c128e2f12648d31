namespace Aigc.DemoEngine.Page;

/// <summary>The page and its two files, from the assembly; all its URLs are relative.</summary>
internal static class PageEndpoints
{
    public static void MapPage(this WebApplication app)
    {
        Map(app, "/", "index.html", "text/html; charset=utf-8");
        Map(app, "/page.css", "page.css", "text/css; charset=utf-8");
        Map(app, "/page.js", "page.js", "text/javascript; charset=utf-8");
    }

    private static void Map(WebApplication app, string path, string resource, string contentType) => app.MapGet(path, (HttpResponse response) =>
    {
        response.Headers.CacheControl = "no-cache";
        response.Headers.ContentSecurityPolicy = "default-src 'self'; img-src 'self' blob: data:";
        return TypedResults.Stream(typeof(PageEndpoints).Assembly.GetManifestResourceStream(resource)!, contentType);
    });
}
