using System.Buffers.Text;
using System.Security.Cryptography;

namespace Aigc.Api.SigningIn;

/// <summary>Credentials and codes: 32 random bytes, 43 base64url characters.</summary>
public static class Secret
{
    public const int Length = 43;

    public static string New() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
}
