using System.Globalization;
using Aigc.Api.Callers;
using Aigc.Api.SigningIn.Checking;
using Aigc.Api.SigningIn.Claims;
using Aigc.Api.SigningIn.Renewing;
using Aigc.Engines.Auditing;
using Aigc.Engines.People;
using Aigc.Engines.Storage;
using Microsoft.Extensions.Options;

namespace Aigc.Api.SigningIn;

/// <summary>A browser signs in, or does not, and the audit log knows of it.</summary>
public sealed class BrowserSignIns(
    PeopleStore people, SignIns signIns, AccessSecrets secrets, AuditLog audit, ApiMetrics metrics,
    IOptions<SignInOptions> options, TimeProvider time)
{
    private const int LongestBrowser = 300;

    /// <returns>The cookie's value, and when it ends at the latest.</returns>
    public async Task<(string Cookie, DateTimeOffset Ends)> BeginAsync(SignedIn signedIn, HttpContext context)
    {
        var person = signedIn.Person;
        await people.SaveAsync(person, context.RequestAborted);

        var (cookie, now) = (Secret.New(), time.GetUtcNow());
        var ends = now + options.Value.Lifetime;
        var times = AccessTimes.Of(signedIn.RefreshToken is not null, signedIn.Access, now, ends, options.Value.ProviderGrace);
        var signIn = Credentials.SignInOf(person, SignInKey.Of(cookie), SignInKind.Dashboard, times.ExpiresAt) with { EndsAt = ends };
        await audit.AppendAsync(new(AuditActions.SignIn, AuditOutcome.Done, ActorOf(person, context), TargetOf(person.Id, person.UserName, person.Group)), context.RequestAborted);
        await signIns.SaveAsync(signIn, AccessOf(signIn, signedIn, now, times, context), context.RequestAborted);
        // What has changed since the last time holds for the other browsers too.
        await signIns.ChangeAsync(person, renewed: null, ends, context.RequestAborted);
        metrics.SignIn("signed-in");
        return (cookie, ends);
    }

    public async Task FailedAsync(HttpContext context, Exception? failure)
    {
        metrics.SignIn("failed");
        var page = failure switch
        {
            ProviderAwayException => SignInPages.ProviderAway(context),
            PersonRefusedException { ForWantOfGroup: true } => SignInPages.NoGroup(),
            _ => SignInPages.Failed(),
        };
        await audit.AppendAsync(
            new(AuditActions.SignIn, failure is ProviderAwayException ? AuditOutcome.Failed : AuditOutcome.Refused, Unknown(context), Detail: failure?.Message),
            context.RequestAborted);
        await page.ExecuteAsync(context);
    }

    /// <param name="key">One of the caller's own sign-ins.</param>
    public async Task EndAsync(Caller caller, SignInKey key, HttpContext context)
    {
        await signIns.EndAsync(key, context.RequestAborted);
        await audit.AppendAsync(new(AuditActions.SignOut, AuditOutcome.Done, caller.Actor, TargetOf(caller.UserId, caller.UserName, caller.Group)), context.RequestAborted);
    }

    /// <summary>Everywhere, here included.</summary>
    public async Task EndAllAsync(Caller caller, HttpContext context)
    {
        await signIns.EndAllAsync(caller.UserId, context.RequestAborted);
        await audit.AppendAsync(new(AuditActions.SignOut, AuditOutcome.Done, caller.Actor, TargetOf(caller.UserId, caller.UserName, caller.Group), "everywhere"), context.RequestAborted);
    }

    private ProviderAccess AccessOf(SignIn signIn, SignedIn signedIn, DateTimeOffset now, AccessTimes times, HttpContext context) => new()
    {
        Key = signIn.Key,
        Id = Guid.CreateVersion7(now).ToString("N", CultureInfo.InvariantCulture),
        User = signIn.User,
        BeganAt = now,
        Address = context.ClientAddress(),
        Browser = context.Request.Headers.UserAgent.ToString() is { Length: > 0 } browser ? browser[..Math.Min(browser.Length, LongestBrowser)] : null,
        ProviderSession = signedIn.ProviderSession,
        IdToken = secrets.Hide(signedIn.IdToken),
        RefreshToken = secrets.Hide(signedIn.RefreshToken),
        RenewAt = times.RenewAt,
    };

    private static Actor ActorOf(Person person, HttpContext context) => new(person.Id, person.UserName, context.ClientAddress());

    private static AuditTarget TargetOf(UserId user, string userName, GroupId group) => new("person", user.Value, userName, user, group);

    private static Actor Unknown(HttpContext context) => new(null, "somebody", context.ClientAddress());
}
