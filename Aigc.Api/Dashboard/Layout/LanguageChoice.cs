using Aigc.Api.Dashboard.Words;
using Microsoft.AspNetCore.WebUtilities;

namespace Aigc.Api.Dashboard.Layout;

/// <summary>The language a person chose here, or else the one the browser asks for.</summary>
public static class LanguageChoice
{
    public const string Cookie = "aigc-language";
    public const string Parameter = "language";

    public static Text Of(HttpContext context) =>
        Find(context.Request.Cookies[Cookie]) ?? FromBrowser(context.Request) ?? Text.English;

    /// <summary>The address with the wish for a language in it.</summary>
    public static string Link(string address, Text text)
    {
        var mark = address.IndexOf('?', StringComparison.Ordinal);
        var path = mark < 0 ? address : address[..mark];
        var query = QueryHelpers.ParseQuery(mark < 0 ? "" : address[mark..]);
        query[Parameter] = text.Language;
        return QueryHelpers.AddQueryString(path, query);
    }

    /// <summary>Remembers a wish in the address, and leads to the address without it.</summary>
    public static async ValueTask<object?> RememberAsync(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        var context = invocation.HttpContext;
        if (!HttpMethods.IsGet(context.Request.Method) || Find(context.Request.Query[Parameter]) is not { } chosen)
            return await next(invocation);
        context.Response.Cookies.Append(Cookie, chosen.Language, new CookieOptions
        {
            MaxAge = TimeSpan.FromDays(365),
            SameSite = SameSiteMode.Lax,
            HttpOnly = true,
            Secure = context.Request.IsHttps,
            IsEssential = true,
        });
        var rest = context.Request.Query.Where(pair => pair.Key != Parameter);
        return TypedResults.LocalRedirect("~" + QueryHelpers.AddQueryString(context.Request.Path, rest));
    }

    private static Text? Find(string? language) => Text.All.FirstOrDefault(text => text.Language == language);

    private static Text? FromBrowser(HttpRequest request) =>
        request.GetTypedHeaders().AcceptLanguage
            .OrderByDescending(wish => wish.Quality ?? 1)
            .Select(wish => Find(wish.Value.Value?.Split('-')[0].ToLowerInvariant()))
            .FirstOrDefault(text => text is not null);
}
