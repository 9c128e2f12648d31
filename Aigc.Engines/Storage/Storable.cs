using System.Text;

namespace Aigc.Engines.Storage;

/// <summary>
/// Text from outside (an engine's last words, a provider's claims) may hold what Postgres refuses: the character 0, and half
/// a surrogate pair where somebody cut a line. A replacement character is better than a state that can't be written.
/// </summary>
internal static class StorableText
{
    public static string? Storable(this string? text)
    {
        if (text is null || IsFine(text))
            return text;
        var result = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
            result.Append(rune.Value == 0 ? Rune.ReplacementChar : rune);
        return result.ToString();
    }

    private static bool IsFine(string text)
    {
        foreach (var character in text)
        {
            if (character == '\0' || char.IsSurrogate(character))
                return false;
        }

        return true;
    }
}
