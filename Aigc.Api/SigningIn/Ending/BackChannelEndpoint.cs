using Aigc.Api.SigningIn.Checking;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Aigc.Api.SigningIn.Ending;

public static class BackChannelEndpoint
{
    public const string Path = "/signout-backchannel";

    /// <summary>Nobody's browser comes here: the token itself says that it is the provider who speaks.</summary>
    public static void MapBackChannel(this WebApplication app) =>
        app.MapPost(Path, LogoutAsync).AllowAnonymous().DisableAntiforgery().ExcludeFromDescription()
            .WithMetadata(new RequestSizeLimitAttribute(2 * SignedToken.Longest));

    private static async Task<Results<Ok, BadRequest<LogoutError>, StatusCodeHttpResult>> LogoutAsync(
        [FromForm(Name = "logout_token")] string? logoutToken, HttpContext context, LogoutTokens tokens)
    {
        context.Response.Headers.CacheControl = "no-store";
        try
        {
            return logoutToken is not null
                && await tokens.ObeyAsync(logoutToken, context.ClientAddress(), context.RequestAborted)
                ? TypedResults.Ok()
                : TypedResults.BadRequest(new LogoutError("invalid_request"));
        }
        catch (ProviderAwayException)
        {
            // Its keys are not known here: it may say so again.
            return TypedResults.StatusCode(StatusCodes.Status503ServiceUnavailable);
        }
    }

    private sealed record LogoutError(string Error);
}
