namespace Aigc.Testing;

/// <summary>The examples of a guide: what it shows is tried.</summary>
public static class GuideExamples
{
    private const string Fence = "```";

    /// <summary>The code of one section of <c>docs/</c>.</summary>
    /// <param name="language">What the fence says, such as <c>yaml</c>.</param>
    public static IReadOnlyList<string> Of(string file, string section, string language)
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "docs", file));
        var parts = text[text.IndexOf($"\n## {section}\n", StringComparison.Ordinal)..].Split("\n## ")[1].Split(Fence);
        return [.. parts.Where((part, index) => index % 2 == 1 && part.StartsWith($"{language}\n", StringComparison.Ordinal)).Select(part => part[(language.Length + 1)..])];
    }
}
