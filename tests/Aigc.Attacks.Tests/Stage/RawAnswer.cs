namespace Aigc.Attacks.Tests.Stage;

/// <summary>All that came back on a connection, until it was closed.</summary>
public sealed class RawAnswer(string text)
{
    private readonly string _head = text.Split("\r\n\r\n")[0];

    /// <summary>0: the connection was closed without a word.</summary>
    public int Status => text.StartsWith("HTTP/1.1 ", StringComparison.Ordinal)
        ? int.Parse(text.AsSpan(9, 3), System.Globalization.CultureInfo.InvariantCulture)
        : 0;

    public string Text => text;

    /// <summary>How many requests were seen in what was sent.</summary>
    public int Answers => text.Split("HTTP/1.1 ").Length - 1;

    public string? Location => Header("Location").SingleOrDefault();

    public IReadOnlyList<string> Cookies => Header("Set-Cookie");

    public IReadOnlyList<string> Header(string name) =>
        [.. _head.Split("\r\n").Where(line => line.StartsWith($"{name}:", StringComparison.OrdinalIgnoreCase)).Select(line => line[(name.Length + 1)..].Trim())];

    /// <summary>The value of a cookie that was set; null: it was not.</summary>
    public string? Cookie(string name) =>
        Cookies.FirstOrDefault(cookie => cookie.StartsWith($"{name}=", StringComparison.Ordinal))?[(name.Length + 1)..].Split(';')[0];

    public RawAnswer ShouldBeRefused(params int[] with)
    {
        (Status is 0 or >= 400 && (with.Length == 0 || with.Contains(Status))).ShouldBeTrue($"expected to be refused ({string.Join(", ", with)}), but was answered:\n{text}");
        return this;
    }

    public override string ToString() => text;
}
