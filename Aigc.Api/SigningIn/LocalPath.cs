namespace Aigc.Api.SigningIn;

/// <summary>Where a browser may be sent after signing in: a path of this host, and nowhere else.</summary>
public static class LocalPath
{
    public static string Or(string? path, string otherwise = "/") => IsLocal(path) ? path! : otherwise;

    // Browsers read a backslash as a slash and drop control characters: both could make a host of what looks like a path.
    // What is not ASCII comes encoded; as it is, no header could carry it.
    private static bool IsLocal(string? path) =>
        path is ['/', ..] and not ['/', '/' or '\\', ..] && !path.AsSpan().ContainsAnyExceptInRange('!', '~');
}
