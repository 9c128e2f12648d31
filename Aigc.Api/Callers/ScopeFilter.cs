using Aigc.Api.Auditing;
using Aigc.Api.Problems;
using Aigc.Engines.Auditing;
using Aigc.Engines.People;

namespace Aigc.Api.Callers;

/// <summary>What a credential must be good for to reach an endpoint.</summary>
public sealed record RequiredScope(Scopes Scopes);

/// <summary>Every endpoint of the API says which scope it needs; one that does not say it needs all.</summary>
public sealed class ScopeFilter(Denials denials) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var required = http.GetEndpoint()?.Metadata.GetMetadata<RequiredScope>()?.Scopes ?? Scopes.All;
        if (Caller.From(http) is not { } caller || caller.SignIn.Scopes.HasFlag(required))
            return await next(context);
        var missing = string.Join(", ", (required & ~caller.SignIn.Scopes).Names());
        denials.Note(caller.Actor, ApiTarget.Of(http, caller), $"without {missing}");
        return Problem.Of(
            StatusCodes.Status403Forbidden, "scope-missing", "The token is not good for this",
            $"It lacks the scope {missing}. Make a token with it on the dashboard, under Tokens.");
    }
}

public static class Scoping
{
    public static TBuilder RequireScope<TBuilder>(this TBuilder endpoints, Scopes scopes)
        where TBuilder : IEndpointConventionBuilder =>
        endpoints.WithMetadata(new RequiredScope(scopes));
}
