using Aigc.Api.Callers;
using Aigc.Api.Dashboard.Words;
using Microsoft.AspNetCore.Antiforgery;

namespace Aigc.Api.Dashboard.Layout;

/// <summary>What every page needs besides its own content. Endpoints take one as a parameter.</summary>
public sealed record Page
{
    public required Text Text { get; init; }
    public required DateTimeOffset Now { get; init; }

    /// <summary>Where the reader is: path and query, for links that come back here.</summary>
    public required string Address { get; init; }

    /// <summary>Null on the pages that people see signed out.</summary>
    public Caller? Caller { get; init; }

    /// <summary>Proves that a form came from a page of ours.</summary>
    public required AntiforgeryTokenSet FormToken { get; init; }

    /// <summary>What came of the form that led here.</summary>
    public Message? Message { get; init; }

    public static ValueTask<Page> BindAsync(HttpContext context) => ValueTask.FromResult(Of(context));

    public static Page Of(HttpContext context)
    {
        var services = context.RequestServices;
        return new()
        {
            Text = LanguageChoice.Of(context),
            Now = services.GetRequiredService<TimeProvider>().GetUtcNow(),
            Address = context.Request.PathBase + context.Request.Path + context.Request.QueryString,
            Caller = Caller.From(context),
            FormToken = services.GetRequiredService<IAntiforgery>().GetAndStoreTokens(context),
            Message = HttpMethods.IsGet(context.Request.Method) ? Messages.Take(context) : null,
        };
    }
}
