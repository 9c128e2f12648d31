namespace Aigc.Engines.Gateway;

/// <summary>A key that signs what engines are told of their visitors.</summary>
/// <param name="PrivateKey">Not readable as it is: whoever made it has protected it.</param>
/// <param name="PublicKey">SubjectPublicKeyInfo, Base64.</param>
public sealed record SigningKey(string Id, string PrivateKey, string PublicKey, DateTimeOffset CreatedAt);
