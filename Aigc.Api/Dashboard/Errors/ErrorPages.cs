using System.Diagnostics;
using Aigc.Api.Dashboard.Layout;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Aigc.Api.Dashboard.Errors;

/// <summary>Errors as a page, for a person at a browser; programs and the API get problem details as ever.</summary>
internal sealed class ErrorPages : IProblemDetailsWriter
{
    public bool CanWrite(ProblemDetailsContext context)
    {
        var request = context.HttpContext.Request;
        return !request.Path.StartsWithSegments("/api")
            && request.GetTypedHeaders().Accept.Any(type => type.MediaType.Equals("text/html", StringComparison.OrdinalIgnoreCase));
    }

    public async ValueTask WriteAsync(ProblemDetailsContext context)
    {
        var http = context.HttpContext;
        var status = http.Response.StatusCode;
        // A form's address is nothing to come back to.
        var page = Page.Of(http) is var here && HttpMethods.IsGet(http.Request.Method) ? here : here with { Address = "/" };
        await new RazorComponentResult<ErrorPage>(new
        {
            Page = page,
            Status = status,
            Number = status >= 500 ? Activity.Current?.TraceId.ToString() ?? http.TraceIdentifier : null,
        })
        { StatusCode = status }.ExecuteAsync(http);
    }
}
