namespace Aigc.Engines.Templates;

/// <summary>A YAML value and where it stands, from 1.</summary>
internal abstract record YamlNode(int Line, int Column);

/// <param name="Quoted">Quoted or in block style; a plain <c>~</c>, <c>null</c> or nothing at all is no value.</param>
internal sealed record YamlText(string Value, bool Quoted, int Line, int Column) : YamlNode(Line, Column)
{
    public bool IsNull => !Quoted && Value is ("" or "~" or "null" or "Null" or "NULL");
}

internal sealed record YamlList(IReadOnlyList<YamlNode> Items, int Line, int Column) : YamlNode(Line, Column);

internal sealed record YamlMap(OrderedDictionary<string, YamlEntry> Entries, int Line, int Column) : YamlNode(Line, Column);

internal sealed record YamlEntry(YamlText Key, YamlNode Value);
