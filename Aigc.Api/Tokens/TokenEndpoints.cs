using Aigc.Api.Callers;
using Aigc.Api.Problems;
using Aigc.Engines.People;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Aigc.Api.Tokens;

public static class TokenEndpoints
{
    public static void MapTokens(this RouteGroupBuilder api)
    {
        var group = api.MapGroup("/tokens").WithTags("Tokens").RequireScope(Scopes.EnginesManage);
        group.MapGet("", ListAsync).RequireScope(Scopes.EnginesRead).WithSummary("Your personal tokens, without their secrets.");
        group.MapPost("", CreateAsync).WithSummary("Makes a personal token; its secret is shown this once.");
        group.MapDelete("/{id}", RevokeAsync).WithSummary("Ends a personal token.");
    }

    private static async Task<Ok<IReadOnlyList<TokenJson>>> ListAsync(Caller caller, TokenActions tokens, CancellationToken cancellationToken) =>
        TypedResults.Ok<IReadOnlyList<TokenJson>>([.. (await tokens.ListAsync(caller, cancellationToken)).Select(TokenJson.Of)]);

    private static async Task<Results<Created<NewTokenJson>, ProblemHttpResult>> CreateAsync(
        TokenRequest request, Caller caller, TokenActions tokens, CancellationToken cancellationToken) =>
        await tokens.CreateAsync(caller, request, cancellationToken) switch
        {
            TokenOutcome.Made { Token: var token, Secret: var secret } => TypedResults.Created(
                $"/api/v1/tokens/{token.Id}",
                new NewTokenJson(token.Id, token.Name, secret, token.ExpiresAt, token.Scopes.Names(), token.OnlyEngines?.Split(' '))),
            TokenOutcome.Forbidden forbidden => Problem.Forbidden(forbidden.Sentence),
            var invalid => Problem.Invalid(((TokenOutcome.Invalid)invalid).Sentence),
        };

    private static async Task<Results<NoContent, ProblemHttpResult>> RevokeAsync(
        string id, Caller caller, TokenActions tokens, CancellationToken cancellationToken) =>
        await tokens.RevokeAsync(caller, id, cancellationToken)
            ? TypedResults.NoContent()
            : Problem.NotFound("You have no such token. GET /api/v1/tokens lists them.");
}

/// <param name="Name">What uses it.</param>
/// <param name="ExpiresInDays">1 to 3650; absent: it does not expire.</param>
/// <param name="Scopes">Of <c>engines:read</c>, <c>engines:use</c>, <c>engines:manage</c>, <c>admin</c>; absent: all that the caller's credential has.</param>
/// <param name="Engines">The ids of the engines it is limited to; absent: all of the caller's.</param>
public sealed record TokenRequest(string? Name, int? ExpiresInDays, IReadOnlyList<string>? Scopes = null, IReadOnlyList<string>? Engines = null);

/// <param name="Token">The secret; it is not shown again.</param>
public sealed record NewTokenJson(
    string Id, string Name, string Token, DateTimeOffset? ExpiresAt, IReadOnlyList<string> Scopes, IReadOnlyList<string>? Engines);

/// <param name="LastUsedFrom">The client's address then.</param>
public sealed record TokenJson(
    string Id, string Name, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? LastUsedAt,
    string? LastUsedFrom, IReadOnlyList<string> Scopes, IReadOnlyList<string>? Engines)
{
    public static TokenJson Of(PersonalToken token) => new(
        token.Id, token.Name, token.CreatedAt, token.ExpiresAt, token.LastUsedAt,
        token.LastUsedFrom, token.Scopes.Names(), token.OnlyEngines?.Split(' '));
}
