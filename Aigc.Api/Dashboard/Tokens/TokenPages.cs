using System.Globalization;
using Aigc.Api.Callers;
using Aigc.Api.Dashboard.Layout;
using Aigc.Api.SigningIn;
using Aigc.Engines.People;
using Aigc.Engines.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Aigc.Api.Dashboard.Tokens;

internal static class TokenPages
{
    private const int LongestName = 100;
    private const int LongestLife = 3650;

    public static void MapTokenPages(this RouteGroupBuilder pages, RouteGroupBuilder forms)
    {
        pages.MapGet("/tokens", ListAsync);
        forms.MapPost("/tokens", CreateAsync);
        forms.MapPost("/tokens/{id}/revoke", RevokeAsync);
    }

    private static async Task<RazorComponentResult<TokensPage>> ListAsync(
        Page page, Caller caller, TokenStore tokens, CancellationToken cancellationToken) =>
        new(new { Page = page, Tokens = (await tokens.ListAsync(caller.UserId, cancellationToken)).Reverse().ToList() });

    private static async Task<RedirectHttpResult> CreateAsync(
        [FromForm] string? name, [FromForm] int? days, HttpContext context, Page page, Caller caller, TokenStore tokens, TimeProvider time,
        CancellationToken cancellationToken)
    {
        if (name?.Trim() is not { Length: > 0 and <= LongestName } wanted || days is < 1 or > LongestLife)
        {
            Messages.Leave(context, new(page.Text.TokenNameMissing, Failed: true));
            return TypedResults.LocalRedirect("/tokens");
        }

        var secret = Credentials.TokenPrefix + Secret.New();
        var now = time.GetUtcNow();
        var token = new PersonalToken(
            Guid.CreateVersion7(now).ToString("N", CultureInfo.InvariantCulture), caller.UserId, wanted, now,
            days is { } life ? now.AddDays(life) : null, LastUsedAt: null);
        await tokens.SaveAsync(token, SignInKey.Of(secret), caller.Actor, cancellationToken);
        Messages.Leave(context, new(wanted, Secret: secret));
        return TypedResults.LocalRedirect("/tokens");
    }

    private static async Task<Results<RedirectHttpResult, NotFound>> RevokeAsync(
        string id, [FromForm] string? name, HttpContext context, Page page, Caller caller, TokenStore tokens, Revocations revocations,
        CancellationToken cancellationToken)
    {
        if (await tokens.RemoveAsync(id, caller.UserId, caller.Actor, cancellationToken) is not { } key)
            return TypedResults.NotFound();
        // Proxies may remember it.
        await revocations.TellAsync(key, cancellationToken);
        Messages.Leave(context, new(page.Text.Revoked(name ?? id)));
        return TypedResults.LocalRedirect("/tokens");
    }
}
