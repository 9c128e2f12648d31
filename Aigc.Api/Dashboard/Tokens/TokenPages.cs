using Aigc.Api.Callers;
using Aigc.Api.Dashboard.Engines;
using Aigc.Api.Dashboard.Layout;
using Aigc.Api.Tokens;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Primitives;

namespace Aigc.Api.Dashboard.Tokens;

internal static class TokenPages
{
    public static void MapTokenPages(this RouteGroupBuilder pages, RouteGroupBuilder forms)
    {
        pages.MapGet("/tokens", ListAsync);
        forms.MapPost("/tokens", CreateAsync);
        forms.MapPost("/tokens/{id}/revoke", RevokeAsync);
    }

    private static async Task<RazorComponentResult<TokensPage>> ListAsync(
        Page page, Caller caller, TokenActions tokens, EngineViews views, CancellationToken cancellationToken) =>
        new(new
        {
            Page = page,
            Tokens = (await tokens.ListAsync(caller, cancellationToken)).Reverse().ToList(),
            Engines = await views.OfAsync(caller, cancellationToken),
        });

    private static async Task<RedirectHttpResult> CreateAsync(
        [FromForm] string? name, [FromForm] int? days, [FromForm] StringValues? scopes, [FromForm] StringValues? engines,
        HttpContext context, Page page, Caller caller, TokenActions tokens, CancellationToken cancellationToken)
    {
        var request = new TokenRequest(name, days, Chosen(scopes) ?? [], Chosen(engines));
        Messages.Leave(context, await tokens.CreateAsync(caller, request, cancellationToken) is TokenOutcome.Made made
            ? new(made.Token.Name, Secret: made.Secret)
            : new(Refusal(request, page), Failed: true));
        return TypedResults.LocalRedirect("/tokens");
    }

    private static List<string>? Chosen(StringValues? values) => values is { Count: > 0 } some ? [.. some.OfType<string>()] : null;

    private static string Refusal(TokenRequest request, Page page) =>
        request.Name?.Trim() is not { Length: > 0 and <= TokenActions.LongestName } ? page.Text.TokenNameMissing
        : request.Scopes is { Count: 0 } ? page.Text.TokenScopesMissing
        : page.Text.TokenScopesWrong;

    private static async Task<Results<RedirectHttpResult, NotFound>> RevokeAsync(
        string id, [FromForm] string? name, HttpContext context, Page page, Caller caller, TokenActions tokens, CancellationToken cancellationToken)
    {
        if (!await tokens.RevokeAsync(caller, id, cancellationToken))
            return TypedResults.NotFound();
        Messages.Leave(context, new(page.Text.Revoked(name ?? id)));
        return TypedResults.LocalRedirect("/tokens");
    }
}
