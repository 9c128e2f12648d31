using Aigc.Api.SigningIn;
using Aigc.Engines.Access;
using Aigc.Engines.Gateway;
using Aigc.Engines.People;
using Aigc.Engines.Storage;
using Aigc.Engines.Tracking;

namespace Aigc.Api.Internal;

/// <summary>Gives an engine's host a sign-in of its own for a one-time code.</summary>
public sealed class CodeDesk(ISessionTracker tracker, EngineStore engines, SignIns signIns, TimeProvider time)
{
    /// <returns>Null when the code is stale, used, for another host or another browser's, or its dashboard sign-in has ended.</returns>
    public async Task<RedeemAnswer?> RedeemAsync(RedeemRequest request, CancellationToken cancellationToken)
    {
        // Taken before anything is checked: a code that was tried wrongly is spent.
        if (await tracker.TakeCodeAsync(SignInKey.Of(request.Code), cancellationToken) is not { } code
            || !string.Equals(SignInKey.Of(request.Browser).Value, code.Browser, StringComparison.OrdinalIgnoreCase)
            || await engines.FindByHostAsync(request.Host, cancellationToken) is not { } engine
            || engine.Id != code.Engine
            || await signIns.FindAsync(code.SignIn, cancellationToken) is not { } parent
            || !AccessRule.RightsOf(parent.Standing, engine, time.GetUtcNow()).HasFlag(Rights.View))
        {
            return null;
        }

        var cookie = Secret.New();
        var child = parent with { Key = SignInKey.Of(cookie), Kind = SignInKind.EngineHost, Engine = engine.Id, Parent = parent.Key };
        return await signIns.SaveAsync(child, access: null, cancellationToken) ? new(cookie, parent.EndsAt ?? parent.ExpiresAt) : null;
    }
}
