using Aigc.Engines.Lifecycle;
using Aigc.Engines.People;

namespace Aigc.Engines.Tracking;

/// <summary>Carries a dashboard sign-in over to one engine's host: single use, 60 s, bound to the engine and the browser that asked.</summary>
/// <param name="Key">SHA-256 of the code itself.</param>
/// <param name="Browser">SHA-256 of the nonce that the proxy left with the browser on the engine's host.</param>
public sealed record OneTimeCode(SignInKey Key, EngineId Engine, string Browser, SignInKey SignIn, DateTimeOffset ExpiresAt);
