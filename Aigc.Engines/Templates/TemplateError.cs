namespace Aigc.Engines.Templates;

/// <summary>One thing wrong in a template file, and what is allowed there.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
/// <param name="Field">Such as <c>local.arguments[2]</c>; empty when the whole document is meant.</param>
/// <param name="Message">A sentence for the person who wrote the file.</param>
public sealed record TemplateError(string File, int Line, int Column, string Field, string Message)
{
    public override string ToString() =>
        Field.Length == 0 ? $"{File}:{Line}:{Column}: {Message}" : $"{File}:{Line}:{Column}: {Field}: {Message}";
}

/// <summary>Collects everything that is wrong in one file.</summary>
internal sealed class TemplateErrors(string file)
{
    private readonly List<TemplateError> _all = [];

    public void Add(YamlNode at, string field, string message) => Add(at.Line, at.Column, field, message);

    public void Add(long line, long column, string field, string message) =>
        _all.Add(new(file, (int)line, (int)column, field, message));

    /// <summary>In the order of the file.</summary>
    public IReadOnlyList<TemplateError> All() => [.. _all.OrderBy(e => e.Line).ThenBy(e => e.Column)];
}
