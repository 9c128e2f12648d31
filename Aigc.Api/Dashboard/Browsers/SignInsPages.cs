using Aigc.Api.Callers;
using Aigc.Api.Dashboard.Layout;
using Aigc.Api.SigningIn;
using Aigc.Engines.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Aigc.Api.Dashboard.Browsers;

internal static class SignInsPages
{
    public static void MapSignInsPages(this RouteGroupBuilder pages, RouteGroupBuilder forms)
    {
        pages.MapGet("/sign-ins", ListAsync);
        forms.MapPost("/sign-ins/{id}/end", EndAsync);
        forms.MapPost("/sign-ins/end", EndAllAsync);
    }

    private static async Task<RazorComponentResult<SignInsPage>> ListAsync(
        Page page, Caller caller, ProviderAccessStore accesses, CancellationToken cancellationToken) =>
        new(new { Page = page, SignIns = await accesses.ListAsync(caller.UserId, cancellationToken), Caller = caller });

    private static async Task<RedirectHttpResult> EndAsync(
        string id, HttpContext context, Page page, Caller caller, ProviderAccessStore accesses, BrowserSignIns browsers, CancellationToken cancellationToken)
    {
        var own = await accesses.ListAsync(caller.UserId, cancellationToken);
        if (own.FirstOrDefault(access => access.Id == id) is { } access)
        {
            await browsers.EndAsync(caller, access.Key, context);
            Messages.Leave(context, new(page.Text.SignInEnded));
        }

        return TypedResults.LocalRedirect("/sign-ins");
    }

    private static async Task<RedirectHttpResult> EndAllAsync(HttpContext context, Caller caller, BrowserSignIns browsers)
    {
        await browsers.EndAllAsync(caller, context);
        return TypedResults.LocalRedirect("/");
    }
}
