using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace Aigc.DevIdentity.Tokens;

/// <summary>The client's name and secret, from the Basic header or the form.</summary>
internal static class ClientCredentials
{
    public static bool AreValid(HttpRequest request, IFormCollection form, DevIdentityOptions options)
    {
        var (id, secret) = FromHeader(request) ?? (form["client_id"].ToString(), form["client_secret"].ToString());
        return id == options.ClientId
            && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(options.ClientSecret));
    }

    private static (string Id, string Secret)? FromHeader(HttpRequest request)
    {
        if (!AuthenticationHeaderValue.TryParse(request.Headers.Authorization, out var header) || header is not { Scheme: "Basic", Parameter: { } encoded })
            return null;
        var decoded = new byte[encoded.Length];
        if (!Convert.TryFromBase64String(encoded, decoded, out var length))
            return ("", "");
        // RFC 6749 2.3.1: both parts are form-encoded before they are joined.
        var parts = Encoding.UTF8.GetString(decoded, 0, length).Split(':', 2);
        return parts is [var id, var secret] ? (Decode(id), Decode(secret)) : ("", "");
    }

    private static string Decode(string part) => Uri.UnescapeDataString(part.Replace('+', ' '));
}
