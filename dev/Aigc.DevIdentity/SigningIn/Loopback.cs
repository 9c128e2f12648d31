namespace Aigc.DevIdentity.SigningIn;

internal static class Loopback
{
    /// <summary>Whether codes and people may be sent there: http or https, on this machine, nothing hidden in the URL.</summary>
    public static bool Allows(string? address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
        && uri.UserInfo.Length == 0 && uri.Fragment.Length == 0
        && (uri.Host is "localhost" or "127.0.0.1" or "[::1]" || uri.Host.EndsWith(".localhost", StringComparison.Ordinal));
}
