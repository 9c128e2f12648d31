using System.Net;
using Aigc.Engines.Access;
using Aigc.Proxy.Routes;
using Aigc.Proxy.SignIns;

namespace Aigc.Proxy.Gate;

/// <summary>A request that may go to its engine: the owner's, or a guest's.</summary>
/// <param name="ByToken">The credential came as a token, which the engine then must not see.</param>
/// <param name="Address">Where the request came from.</param>
public readonly record struct Admission(LiveEngine Engine, KnownSignIn SignIn, bool ByToken, IPAddress? Address, Rights Rights)
{
    public bool IsOwner => Rights.HasFlag(Rights.Own);

    /// <summary>False for who may only look: they neither wake the engine nor hold it awake.</summary>
    public bool MayUse => Rights.HasFlag(Rights.Use);

    /// <summary>Whether what it was given is still there: grants are taken back, and run out.</summary>
    public bool Stands(DateTimeOffset now) =>
        !Engine.Removed && (AccessRule.RightsOf(SignIn.SignIn.Standing, Engine.Route, now) & Rights) == Rights;
}
