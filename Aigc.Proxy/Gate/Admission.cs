using System.Net;
using Aigc.Proxy.Routes;
using Aigc.Proxy.SignIns;

namespace Aigc.Proxy.Gate;

/// <summary>A request that may go to its engine: the owner's.</summary>
/// <param name="ByToken">The credential came as a token, which the engine then must not see.</param>
/// <param name="Address">Where the request came from.</param>
public readonly record struct Admission(LiveEngine Engine, KnownSignIn SignIn, bool ByToken, IPAddress? Address);
