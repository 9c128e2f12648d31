using Aigc.Api.SigningIn;
using Aigc.Api.SigningIn.Checking;
using Aigc.Api.SigningIn.Claims;
using Aigc.Engines.People;
using Aigc.Engines.Storage;

namespace Aigc.Api.Callers;

/// <summary>Tells what a credential is, and whose.</summary>
public sealed partial class Credentials(
    SignIns signIns, TokenStore tokens, PeopleStore people, TokenValidator validator, PersonClaims claimed, TimeProvider time, ILogger<Credentials> logger)
{
    public const string TokenPrefix = "aigc_";

    /// <summary>A cookie's value, a personal token or a JWT.</summary>
    public Task<SignIn?> AuthenticateAsync(string credential, string? address, CancellationToken cancellationToken) =>
        credential.Length == Secret.Length && !credential.Contains('.', StringComparison.Ordinal)
            ? signIns.FindAsync(SignInKey.Of(credential), cancellationToken)
            : AuthenticateBearerAsync(credential, address, cancellationToken);

    /// <summary>A personal token or a JWT.</summary>
    public async Task<SignIn?> AuthenticateBearerAsync(string credential, string? address, CancellationToken cancellationToken)
    {
        if (SignedToken.LooksLike(credential))
            return await AuthenticateJwtAsync(credential, cancellationToken);
        return credential.StartsWith(TokenPrefix, StringComparison.Ordinal) && credential.Length == TokenPrefix.Length + Secret.Length
            ? await AuthenticateTokenAsync(SignInKey.Of(credential), address, cancellationToken)
            : null;
    }

    private async Task<SignIn?> AuthenticateTokenAsync(SignInKey key, string? address, CancellationToken cancellationToken)
    {
        if (await tokens.UseAsync(key, address, cancellationToken) is not { } token
            || await people.FindAsync(token.User, cancellationToken) is not { } person)
        {
            return null;
        }

        return SignInOf(person, key, SignInKind.PersonalToken, token.ExpiresAt ?? time.GetUtcNow() + TimeSpan.FromDays(365)) with
        {
            Role = token.Scopes.HasFlag(Scopes.Admin) && token.OnlyEngines is null ? person.Role : Role.User,
            Scopes = token.Scopes,
            OnlyEngines = token.OnlyEngines,
        };
    }

    private async Task<SignIn?> AuthenticateJwtAsync(string jwt, CancellationToken cancellationToken)
    {
        if (await validator.ValidateBearerAsync(jwt, cancellationToken) is not { Claims: { Subject: { } subject } claims, ExpiresAt: var expires })
            return null;
        var known = await people.FindAsync(new(subject), cancellationToken);
        try
        {
            var person = claimed.Read(claims, known);
            if (known is null)
                await people.SaveAsync(person, cancellationToken);
            return SignInOf(person, SignInKey.Of(jwt), SignInKind.ProviderJwt, expires);
        }
        catch (PersonRefusedException refusal)
        {
            Log.Refused(logger, refusal.Message);
            return null;
        }
    }

    public static SignIn SignInOf(Person person, SignInKey key, SignInKind kind, DateTimeOffset expiresAt) => new()
    {
        Key = key,
        Kind = kind,
        User = person.Id,
        UserName = person.UserName,
        Name = person.Name,
        Group = person.Group,
        Role = person.Role,
        ExpiresAt = expiresAt,
    };

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "A token of the identity provider was refused: {Reason}")]
        public static partial void Refused(ILogger logger, string reason);
    }
}
