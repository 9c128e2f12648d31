using Aigc.Api.SigningIn.Checking;
using Aigc.Api.SigningIn.Claims;
using Aigc.Engines.Auditing;
using Aigc.Engines.People;
using Aigc.Engines.Storage;
using Microsoft.Extensions.Options;

namespace Aigc.Api.SigningIn.Renewing;

/// <summary>
/// Renews what the provider granted with one sign-in, and takes over what it says of the person now. That it refuses ends the
/// sign-in; that it can't be asked does not. A lost answer may have carried the only good refresh token: what the provider
/// refuses after that proves nothing, and the sign-in lasts as long as it would with a provider that is away.
/// </summary>
public sealed partial class AccessRenewal(
    ProviderAccessStore accesses, AccessSecrets secrets, TokenEndpoint tokenEndpoint, TokenValidator validator, UserInfo userInfo,
    PersonClaims claimed, PeopleStore people, SignInStore store, SignIns signIns, AuditLog audit, IOptions<SignInOptions> options,
    TimeProvider time, ILogger<AccessRenewal> logger)
{
    /// <summary>Longer than discovery, the token endpoint and userinfo take together with their timeouts of 10 seconds each.</summary>
    public static readonly TimeSpan ClaimLasts = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    public async Task RenewAsync(ProviderAccess access, string claim, CancellationToken cancellationToken)
    {
        if (secrets.Reveal(access.RefreshToken) is not { } refreshToken)
        {
            Log.Unreadable(logger, access.User);
            await accesses.PostponeAsync(access, claim, again: null, access.InDoubt, cancellationToken);
            return;
        }

        switch (await AskAsync(refreshToken, cancellationToken))
        {
            case TokenAnswer.Granted granted:
                using (granted.Tokens)
                    await TakeOverAsync(access, granted, refreshToken, cancellationToken);
                break;
            case TokenAnswer.Refused { Error: "invalid_grant" } when access.InDoubt:
                Log.Doubtful(logger, access.User);
                await accesses.PostponeAsync(access, claim, again: null, inDoubt: true, cancellationToken);
                break;
            case TokenAnswer.Refused { Error: "invalid_grant" }:
                await EndAsync(access, "The identity provider has taken its access back.", cancellationToken);
                break;
            case TokenAnswer.Refused refused:
                // Such as invalid_client: the gateway's trouble, not the person's.
                await PostponeAsync(access, claim, access.InDoubt, $"It refused with {refused.Error}; check Identity:ClientId and Identity:ClientSecret.", cancellationToken);
                break;
            case TokenAnswer.Unclear unclear:
                await PostponeAsync(access, claim, inDoubt: true, unclear.Reason, cancellationToken);
                break;
            case TokenAnswer.Away away:
                await PostponeAsync(access, claim, access.InDoubt, away.Reason, cancellationToken);
                break;
        }
    }

    private async Task<TokenAnswer> AskAsync(string refreshToken, CancellationToken cancellationToken)
    {
        try
        {
            return await tokenEndpoint.AskAsync(
                new Dictionary<string, string> { ["grant_type"] = "refresh_token", ["refresh_token"] = refreshToken }, cancellationToken);
        }
        catch (ProviderAwayException away)
        {
            return new TokenAnswer.Away(away.Message);
        }
    }

    private async Task TakeOverAsync(ProviderAccess access, TokenAnswer.Granted granted, string refreshToken, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(access.Key, cancellationToken) is not { } signIn)
            return;
        var now = time.GetUtcNow();
        var times = AccessTimes.Of(renewable: true, granted.Lifetime, now, signIn.EndsAt ?? signIn.ExpiresAt, options.Value.ProviderGrace);
        var renewed = access with
        {
            RefreshToken = secrets.Hide(granted.RefreshToken ?? refreshToken),
            IdToken = granted.IdToken is { } idToken ? secrets.Hide(idToken) : access.IdToken,
            RenewAt = times.RenewAt,
        };
        // The tokens first: whatever fails after this, the only good refresh token is kept.
        if (!await accesses.RenewAsync(renewed, cancellationToken))
            return;
        try
        {
            var person = await ReadAsync(access, granted, cancellationToken) ?? await people.FindAsync(access.User, cancellationToken);
            if (person is null)
                return;
            await people.SaveAsync(person, cancellationToken);
            await signIns.ChangeAsync(person, access.Key, times.ExpiresAt, cancellationToken);
        }
        catch (PersonRefusedException refusal)
        {
            await EndAsync(access, refusal.Message, cancellationToken);
        }
    }

    /// <returns>Null when the provider said nothing new of the person.</returns>
    private async Task<Person?> ReadAsync(ProviderAccess access, TokenAnswer.Granted granted, CancellationToken cancellationToken)
    {
        if (granted.IdToken is not { } idToken)
            return null;
        if (await validator.ValidateIdTokenAsync(idToken, granted.AccessToken, cancellationToken) is not { } claims || claims.Subject != access.User.Value)
        {
            Log.BadIdToken(logger, access.User);
            return null;
        }

        return await userInfo.CompleteAsync(claims, granted.AccessToken, cancellationToken) is { } complete ? claimed.Read(complete) : null;
    }

    private async Task EndAsync(ProviderAccess access, string why, CancellationToken cancellationToken)
    {
        var name = (await people.FindAsync(access.User, cancellationToken))?.UserName ?? access.User.Value;
        await signIns.EndAsync(access.Key, cancellationToken);
        await audit.AppendAsync(
            new(AuditActions.SignOut, AuditOutcome.Done, Actor.Gateway, new("person", access.User.Value, name, access.User), why), cancellationToken);
        Log.Ended(logger, access.User, why);
    }

    private Task PostponeAsync(ProviderAccess access, string claim, bool inDoubt, string reason, CancellationToken cancellationToken)
    {
        var pause = TimeSpan.FromSeconds(Math.Min(LongestPause.TotalSeconds, Math.Pow(2, Math.Min(access.Failures, 10))));
        Log.Postponed(logger, access.User, reason, pause);
        return accesses.PostponeAsync(access, claim, time.GetUtcNow() + pause, inDoubt, cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The access of {User} was not renewed, again in {Pause}: {Reason}")]
        public static partial void Postponed(ILogger logger, UserId user, string reason, TimeSpan pause);

        [LoggerMessage(2, LogLevel.Information, "A sign-in of {User} has ended: {Why}")]
        public static partial void Ended(ILogger logger, UserId user, string why);

        [LoggerMessage(3, LogLevel.Warning, "The refresh token of {User} is refused after an answer was lost: the sign-in lasts until SignIn:ProviderGrace is over")]
        public static partial void Doubtful(ILogger logger, UserId user);

        [LoggerMessage(4, LogLevel.Warning, "The refresh token of {User} was encrypted with keys that are lost: the sign-in lasts until SignIn:ProviderGrace is over")]
        public static partial void Unreadable(ILogger logger, UserId user);

        [LoggerMessage(5, LogLevel.Warning, "The identity provider renewed the access of {User} with an id token that is not valid, or of somebody else; what was known of the person stays")]
        public static partial void BadIdToken(ILogger logger, UserId user);
    }
}
