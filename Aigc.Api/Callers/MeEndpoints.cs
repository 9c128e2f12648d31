using Aigc.Engines.People;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Aigc.Api.Callers;

public static class MeEndpoints
{
    public static void MapMe(this RouteGroupBuilder api) =>
        api.MapGet("/me", Me).WithTags("Me").RequireScope(Scopes.None).WithSummary("Who you are; with a sign-in cookie also the antiforgery token, in the header X-XSRF-TOKEN.");

    private static Ok<MeJson> Me(Caller caller, HttpContext context, IAntiforgery antiforgery)
    {
        if (caller.Kind == SignInKind.Dashboard)
            context.Response.Headers[AntiforgeryFilter.Header] = antiforgery.GetAndStoreTokens(context).RequestToken;
        return TypedResults.Ok(new MeJson(caller.UserId.Value, caller.UserName, caller.Name, caller.Group.Value, caller.Role, caller.Role == Role.Admin,
            caller.SignIn.Scopes.Names(), caller.SignIn.OnlyEngines?.Split(' ')));
    }
}

/// <param name="Scopes">What the credential is good for.</param>
/// <param name="Engines">The ids of the engines the credential is limited to; null: all that are yours.</param>
public sealed record MeJson(
    string Id, string UserName, string Name, string Group, Role Role, bool IsAdmin, IReadOnlyList<string> Scopes, IReadOnlyList<string>? Engines);
