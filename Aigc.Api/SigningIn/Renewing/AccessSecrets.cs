using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace Aigc.Api.SigningIn.Renewing;

/// <summary>The provider's tokens as they are kept: encrypted with the keys that all replicas share.</summary>
public sealed class AccessSecrets(IDataProtectionProvider protection)
{
    private readonly IDataProtector _protector = protection.CreateProtector("provider access");

    public string? Hide(string? token) => token is null ? null : _protector.Protect(token);

    /// <returns>Null also when the keys that hid it are lost.</returns>
    public string? Reveal(string? hidden)
    {
        try
        {
            return hidden is null ? null : _protector.Unprotect(hidden);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
