using Aigc.Api.Problems;
using Aigc.Engines.People;
using Microsoft.AspNetCore.Antiforgery;

namespace Aigc.Api.Callers;

/// <summary>A browser sends its cookie whoever asks it to; writes must show that a page of ours asked.</summary>
public sealed class AntiforgeryFilter(IAntiforgery antiforgery) : IEndpointFilter
{
    public const string Header = "X-XSRF-TOKEN";

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var reads = HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method);
        if (reads || Caller.From(http) is not { Kind: SignInKind.Dashboard })
            return await next(context);
        // Without the header the library would look for a form field, and read the whole body for it.
        return http.Request.Headers.ContainsKey(Header) && await antiforgery.IsRequestValidAsync(http)
            ? await next(context)
            : Problem.Of(
                StatusCodes.Status400BadRequest, "antiforgery", "The request could be another site's",
                $"A write with the sign-in cookie needs the header {Header}. GET /api/v1/me answers with its value in a header of the same name; send that. Programs use a personal token instead, and need no such header.");
    }
}
