namespace Aigc.Engines.Templates;

/// <summary>How much of a file is read.</summary>
/// <param name="What">What it is, within a sentence.</param>
/// <param name="Depth">Levels of lists and maps within each other.</param>
internal sealed record YamlLimits(string What, int Bytes, int Depth)
{
    public static readonly YamlLimits Template = new("a template", 64 * 1024, 16);

    public string TooLong => $"{char.ToUpperInvariant(What[0])}{What[1..]} is at most {Bytes / 1024} KB of YAML.";
}
