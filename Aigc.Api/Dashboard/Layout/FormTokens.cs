using Microsoft.AspNetCore.Antiforgery;

namespace Aigc.Api.Dashboard.Layout;

internal static class FormTokens
{
    /// <summary>Refuses a form that is not from a page of ours, before anything is done.</summary>
    public static async ValueTask<object?> RequireAsync(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        var context = invocation.HttpContext;
        return await context.RequestServices.GetRequiredService<IAntiforgery>().IsRequestValidAsync(context)
            ? await next(invocation)
            : TypedResults.BadRequest();
    }
}
