namespace Aigc.Proxy.Signing;

/// <summary>What one engine is told of one visitor, signed.</summary>
/// <param name="RenewAt">Timestamp from which it is signed anew.</param>
public sealed record IdentityToken(string Value, string Role, long RenewAt);
