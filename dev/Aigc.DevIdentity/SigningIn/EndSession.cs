using Aigc.DevIdentity.Signing;
using Aigc.DevIdentity.Tokens;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;

namespace Aigc.DevIdentity.SigningIn;

internal static class EndSession
{
    public static void MapEndSession(this WebApplication app) => app.MapGet("/end_session", End);

    private static IResult End(HttpContext context, Jwt jwt, IOptions<DevIdentityOptions> options)
    {
        var query = context.Request.Query;
        SignInCookie.Delete(context.Response);
        if (query["post_logout_redirect_uri"].ToString() is not { Length: > 0 } target)
            return Results.Text("Signed out.");
        // Only our client may name where to go next: by one of our tokens, which may have expired, or else by its name.
        var client = query["id_token_hint"].ToString() is { Length: > 0 } hint
            ? (string?)jwt.Read(hint, TokenWriter.IdTokenType)?["aud"]
            : query["client_id"].ToString();
        if (client != options.Value.ClientId || !Loopback.Allows(target))
            return Results.Text("Signed out. The post_logout_redirect_uri was not followed: it needs a valid id_token_hint or client_id, and a loopback address.", statusCode: StatusCodes.Status400BadRequest);
        return Results.Redirect(query["state"] is [{ } state] ? QueryHelpers.AddQueryString(target, "state", state) : target);
    }
}
