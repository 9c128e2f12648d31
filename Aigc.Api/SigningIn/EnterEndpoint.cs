using Aigc.Api.Callers;
using Aigc.Api.Pages;
using Aigc.Engines.Access;
using Aigc.Engines.Auditing;
using Aigc.Engines.Gateway;
using Aigc.Engines.People;
using Aigc.Engines.Storage;
using Aigc.Engines.Tracking;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;

namespace Aigc.Api.SigningIn;

/// <summary>Sends a signed-in browser on to its engine's host with a code that the proxy redeems there.</summary>
public static class EnterEndpoint
{
    public static readonly TimeSpan CodeLifetime = TimeSpan.FromSeconds(60);

    /// <param name="host">The engine's label.</param>
    /// <param name="browser">SHA-256 of the nonce that the proxy left with this browser on the engine's host.</param>
    public static async Task<Results<RedirectHttpResult, PlainPage>> EnterAsync(
        string? host, string? browser, string? returnUrl, Caller caller, HttpContext context,
        EngineStore engines, Denials denials, ISessionTracker tracker, IOptions<GatewayOptions> gateway, TimeProvider time, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(host) || string.IsNullOrEmpty(browser)
            || await engines.FindByHostAsync(host, cancellationToken) is not { } engine)
        {
            return SignInPages.NoSuchEngine();
        }

        // A token has no browser to take along.
        if (!AccessRule.RightsOf(caller.Standing, engine, time.GetUtcNow()).HasFlag(Rights.View) || caller.Kind != SignInKind.Dashboard)
        {
            denials.Note(caller.Actor, AuditTarget.Of(engine), "not theirs");
            return SignInPages.NotYours();
        }

        var code = Secret.New();
        try
        {
            await tracker.PutCodeAsync(
                new(SignInKey.Of(code), engine.Id, browser, caller.SignInKey, time.GetUtcNow() + CodeLifetime), cancellationToken);
        }
        catch (TrackerAwayException)
        {
            // Codes are nowhere else; the health check says what is wrong.
            return SignInPages.TrackerAway(context);
        }

        return TypedResults.Redirect(QueryHelpers.AddQueryString(
            $"{gateway.Value.EngineUrl(engine.Host)}.aigc/enter",
            new Dictionary<string, string?> { ["code"] = code, ["returnUrl"] = LocalPath.Or(returnUrl) }));
    }
}
