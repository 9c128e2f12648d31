using Aigc.DevIdentity.Signing;
using Aigc.DevIdentity.Tokens;
using Aigc.DevIdentity.Users;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;

namespace Aigc.DevIdentity.SigningIn;

internal static class AuthorizeEndpoint
{
    public static void MapAuthorize(this WebApplication app) => app.MapGet("/authorize", Authorize);

    private static IResult Authorize(
        HttpContext context, IOptions<DevIdentityOptions> options, UserDirectory users, Jwt jwt, CodeStore codes, TimeProvider time)
    {
        var request = new AuthorizeRequest(context.Request.Query);
        if (request.RefusalToRedirect(options.Value.ClientId) is { } refusal)
            return Results.Text(refusal, statusCode: StatusCodes.Status400BadRequest);
        var issuer = options.Value.IssuerFor(context.Request);
        if (request.Problem() is { } problem)
            return Return(request, issuer, ("error", problem.Error), ("error_description", problem.Description));

        var current = SignInCookie.Read(context.Request, jwt, users);
        var hinted = users.Find(request.LoginHint);
        if (request.Prompt == "none")
        {
            return current is not null && (request.LoginHint is null || hinted == current.User)
                ? ReturnCode(request, issuer, current, codes)
                : Return(request, issuer, ("error", "login_required"), ("error_description", "Nobody is signed in, or somebody else."));
        }
        if (hinted is not null)
        {
            var signIn = new SignIn(hinted, time.GetUtcNow());
            SignInCookie.Write(context.Response, jwt, signIn);
            return ReturnCode(request, issuer, signIn, codes);
        }
        return current is not null && string.IsNullOrEmpty(request.LoginHint) && string.IsNullOrEmpty(request.Prompt)
            ? ReturnCode(request, issuer, current, codes)
            : SignInPage.Show(context, request, users);
    }

    private static IResult ReturnCode(AuthorizeRequest request, string issuer, SignIn signIn, CodeStore codes)
    {
        var code = codes.Issue(new(signIn, request.ClientId!, request.RedirectUri!, request.Challenge!, request.Nonce, request.Scope));
        return Return(request, issuer, ("code", code));
    }

    /// <summary>Back to the client, with its state and our name (RFC 9207).</summary>
    private static IResult Return(AuthorizeRequest request, string issuer, params ReadOnlySpan<(string Key, string Value)> answer)
    {
        var query = new Dictionary<string, string?> { ["iss"] = issuer };
        foreach (var (key, value) in answer)
            query[key] = value;
        if (request.State is { } state)
            query["state"] = state;
        return Results.Redirect(QueryHelpers.AddQueryString(request.RedirectUri!, query));
    }
}
