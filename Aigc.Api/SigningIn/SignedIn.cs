using Aigc.Engines.People;

namespace Aigc.Api.SigningIn;

/// <summary>What the provider's answers came to: on its way from the protocol to the browser's sign-in, as a feature of the request.</summary>
/// <param name="ProviderSession">What the provider's own session is known by here.</param>
/// <param name="Access">How long what it granted lasts.</param>
public sealed record SignedIn(Person Person, string? ProviderSession, string IdToken, string? RefreshToken, TimeSpan? Access);
