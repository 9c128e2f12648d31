namespace Aigc.Api.Dashboard.Browsers;

/// <summary>What people call a browser and the machine that it is on, read from its <c>User-Agent</c>.</summary>
public static class BrowserName
{
    // Each also says that it is those after it.
    private static readonly (string Mark, string Name)[] Browsers =
        [("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"), ("CriOS/", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari")];

    private static readonly (string Mark, string Name)[] Systems =
        [("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS X", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux")];

    /// <returns>Such as <c>Firefox · Windows</c>; as the browser calls itself when it is none of the common ones; null when it does not say.</returns>
    public static string? Of(string? userAgent) =>
        Find(Browsers, userAgent) is { } browser ? Find(Systems, userAgent) is { } system ? $"{browser} · {system}" : browser : userAgent;

    private static string? Find((string Mark, string Name)[] known, string? userAgent) =>
        Array.Find(known, one => userAgent?.Contains(one.Mark, StringComparison.Ordinal) is true).Name;
}
