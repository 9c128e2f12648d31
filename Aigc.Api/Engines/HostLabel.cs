using System.Security.Cryptography;
using System.Text;

namespace Aigc.Api.Engines;

/// <summary>The label of a new engine under the engine domain, such as <c>demo-alice-7k3q</c>.</summary>
public static class HostLabel
{
    private const int LongestDnsLabel = 63;
    private const int RandomCharacters = 4;

    public static string New(string template, string userName) =>
        New(template, userName, RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz234567", RandomCharacters));

    internal static string New(string template, string userName, string random)
    {
        var words = Clean($"{template}-{userName}");
        if (words.Length == 0)
            words = "engine";
        var room = LongestDnsLabel - random.Length - 1;
        return $"{(words.Length > room ? words[..room].TrimEnd('-') : words)}-{random}";
    }

    private static string Clean(string text)
    {
        var label = new StringBuilder(text.Length);
        foreach (var character in text.ToLowerInvariant())
        {
            if (char.IsAsciiLetterOrDigit(character))
                label.Append(character);
            else if (label.Length > 0 && label[^1] != '-')
                label.Append('-');
        }

        return label.ToString().TrimEnd('-');
    }
}
