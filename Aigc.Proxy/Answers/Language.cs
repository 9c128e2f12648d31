namespace Aigc.Proxy.Answers;

/// <summary>English or Simplified Chinese, whichever the browser names first.</summary>
public static class Language
{
    public const string Chinese = "zh";
    public const string English = "en";

    public static string Of(HttpRequest request)
    {
        foreach (var part in request.Headers.AcceptLanguage.ToString().Split(',', StringSplitOptions.TrimEntries))
        {
            if (part.StartsWith(Chinese, StringComparison.OrdinalIgnoreCase))
                return Chinese;
            if (part.StartsWith(English, StringComparison.OrdinalIgnoreCase))
                return English;
        }
        return English;
    }
}
