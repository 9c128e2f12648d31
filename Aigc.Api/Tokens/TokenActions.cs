using System.Globalization;
using Aigc.Api.Callers;
using Aigc.Api.Engines;
using Aigc.Api.SigningIn;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.People;
using Aigc.Engines.Storage;

namespace Aigc.Api.Tokens;

/// <summary>What came of asking for a token.</summary>
public abstract record TokenOutcome
{
    /// <param name="Secret">Shown this once.</param>
    public sealed record Made(PersonalToken Token, string Secret) : TokenOutcome;

    public sealed record Invalid(string Sentence) : TokenOutcome;

    public sealed record Forbidden(string Sentence) : TokenOutcome;
}

/// <summary>What a person can do with tokens, for REST and dashboard alike. A token is never worth more than the credential that made it.</summary>
public sealed class TokenActions(TokenStore tokens, EngineActions engines, Revocations revocations, TimeProvider time)
{
    public const int LongestName = 100;
    public const int MostDays = 3650;
    private const int MostEngines = 100;

    /// <summary>The caller's tokens, as far as the credential reaches.</summary>
    public async Task<IReadOnlyList<PersonalToken>> ListAsync(Caller caller, CancellationToken cancellationToken) =>
        [.. (await tokens.ListAsync(caller.UserId, cancellationToken)).Where(token => Reaches(caller.SignIn, token.Scopes, token.OnlyEngines))];

    public async Task<TokenOutcome> CreateAsync(Caller caller, TokenRequest request, CancellationToken cancellationToken)
    {
        var name = request.Name?.Trim() ?? "";
        if (name.Length is 0 or > LongestName)
            return new TokenOutcome.Invalid($"Name the token after what uses it, in 1 to {LongestName} characters, as {{\"name\": \"backup script\"}}.");
        if (request.ExpiresInDays is < 1 or > MostDays)
            return new TokenOutcome.Invalid($"expiresInDays is 1 to {MostDays}; leave it out for a token that does not expire.");
        var known = string.Join(", ", ScopeNames.All.Select(scope => scope.Name));
        if (ScopeNames.Read(request.Scopes ?? caller.SignIn.Scopes.Names()) is not { } scopes || scopes == Scopes.None)
            return new TokenOutcome.Invalid($"scopes is a list of one or more of {known}.");
        if (request.Engines is { Count: 0 or > MostEngines })
            return new TokenOutcome.Invalid($"engines is a list of 1 to {MostEngines} ids of engines; leave it out for all of yours.");

        var only = request.Engines is { } ids ? string.Join(' ', ids.Distinct(StringComparer.Ordinal)) : caller.SignIn.OnlyEngines;
        if (only is not null && scopes.HasFlag(Scopes.Admin))
            return new TokenOutcome.Invalid("The scope admin is about the whole gateway: it does not go together with engines.");
        if (!Reaches(caller.SignIn, scopes, only))
            return new TokenOutcome.Forbidden("A token can't make one that may do more than itself. Ask for scopes and engines that it has, or sign in.");
        foreach (var id in request.Engines ?? [])
        {
            if (await engines.FindAsync(caller, new EngineId(id), cancellationToken) is not Outcome.Ok)
                return new TokenOutcome.Invalid($"There is no engine '{id}' among yours. GET /api/v1/engines lists them.");
        }

        var secret = Credentials.TokenPrefix + Secret.New();
        var now = time.GetUtcNow();
        var token = new PersonalToken(
            Guid.CreateVersion7(now).ToString("N", CultureInfo.InvariantCulture), caller.UserId, name, now,
            EndOf(caller, request.ExpiresInDays is { } days ? now.AddDays(days) : null), LastUsedAt: null, scopes, only);
        await tokens.SaveAsync(token, SignInKey.Of(secret), caller.Actor, cancellationToken);
        return new TokenOutcome.Made(token, secret);
    }

    /// <returns>False when the caller has no such token, or one that the credential does not reach.</returns>
    public async Task<bool> RevokeAsync(Caller caller, string id, CancellationToken cancellationToken)
    {
        if ((await ListAsync(caller, cancellationToken)).All(token => token.Id != id)
            || await tokens.RemoveAsync(id, caller.UserId, caller.Actor, cancellationToken) is not { } key)
        {
            return false;
        }

        // Proxies may remember it.
        await revocations.TellAsync(key, cancellationToken);
        return true;
    }

    /// <summary>A token that a token made does not outlive it.</summary>
    private static DateTimeOffset? EndOf(Caller caller, DateTimeOffset? wanted) =>
        caller.Kind == SignInKind.PersonalToken && (wanted is null || wanted > caller.SignIn.ExpiresAt) ? caller.SignIn.ExpiresAt : wanted;

    private static bool Reaches(SignIn signIn, Scopes scopes, string? only) =>
        signIn.Scopes.HasFlag(scopes)
        && (signIn.OnlyEngines is null || (only is not null && only.Split(' ').All(id => signIn.Covers(new EngineId(id)))));
}
