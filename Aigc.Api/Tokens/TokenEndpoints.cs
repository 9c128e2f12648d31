using System.Globalization;
using Aigc.Api.Callers;
using Aigc.Api.Problems;
using Aigc.Api.SigningIn;
using Aigc.Engines.People;
using Aigc.Engines.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Aigc.Api.Tokens;

public static class TokenEndpoints
{
    private const int LongestName = 100;
    private const int MostDays = 3650;

    public static void MapTokens(this RouteGroupBuilder api)
    {
        var group = api.MapGroup("/tokens").WithTags("Tokens");
        group.MapGet("", ListAsync).WithSummary("Your personal tokens, without their secrets.");
        group.MapPost("", CreateAsync).WithSummary("Makes a personal token; its secret is shown this once.");
        group.MapDelete("/{id}", RemoveAsync).WithSummary("Ends a personal token.");
    }

    private static async Task<Ok<IReadOnlyList<TokenJson>>> ListAsync(Caller caller, TokenStore tokens, CancellationToken cancellationToken)
    {
        var own = await tokens.ListAsync(caller.UserId, cancellationToken);
        return TypedResults.Ok<IReadOnlyList<TokenJson>>(
            [.. own.Select(token => new TokenJson(token.Id, token.Name, token.CreatedAt, token.ExpiresAt, token.LastUsedAt))]);
    }

    private static async Task<Results<Created<NewTokenJson>, ProblemHttpResult>> CreateAsync(
        TokenRequest request, Caller caller, TokenStore tokens, TimeProvider time, CancellationToken cancellationToken)
    {
        var name = request.Name?.Trim() ?? "";
        if (name.Length is 0 or > LongestName)
            return Problem.Invalid($"Name the token after what uses it, in 1 to {LongestName} characters, as {{\"name\": \"backup script\"}}.");
        if (request.ExpiresInDays is < 1 or > MostDays)
            return Problem.Invalid($"expiresInDays is 1 to {MostDays}; leave it out for a token that does not expire.");

        var secret = Credentials.TokenPrefix + Secret.New();
        var now = time.GetUtcNow();
        var token = new PersonalToken(
            Guid.CreateVersion7(now).ToString("N", CultureInfo.InvariantCulture), caller.UserId, name, now,
            request.ExpiresInDays is { } days ? now.AddDays(days) : null, LastUsedAt: null);
        await tokens.SaveAsync(token, SignInKey.Of(secret), caller.Actor, cancellationToken);
        return TypedResults.Created($"/api/v1/tokens/{token.Id}", new NewTokenJson(token.Id, token.Name, secret, token.ExpiresAt));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(
        string id, Caller caller, TokenStore tokens, Revocations revocations, CancellationToken cancellationToken)
    {
        if (await tokens.RemoveAsync(id, caller.UserId, caller.Actor, cancellationToken) is not { } key)
            return Problem.NotFound("You have no such token. GET /api/v1/tokens lists them.");
        // Proxies may remember it.
        await revocations.TellAsync(key, cancellationToken);
        return TypedResults.NoContent();
    }
}

/// <param name="Name">What uses it.</param>
/// <param name="ExpiresInDays">1 to 3650; absent: it does not expire.</param>
public sealed record TokenRequest(string? Name, int? ExpiresInDays);

/// <param name="Token">The secret; it is not shown again.</param>
public sealed record NewTokenJson(string Id, string Name, string Token, DateTimeOffset? ExpiresAt);

public sealed record TokenJson(string Id, string Name, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? LastUsedAt);
