using System.Globalization;

namespace Aigc.Engines.Templates;

/// <summary>
/// Reads the fields of one map. What is wrong is added to the errors and read as if it were not there, so that one pass finds
/// everything; a value returned after an error is never used.
/// </summary>
internal sealed class FieldReader(YamlMap map, string path, TemplateErrors errors)
{
    /// <summary>Reports every field that is none of these.</summary>
    public FieldReader Allow(params string[] names)
    {
        foreach (var (name, entry) in map.Entries.Where(e => !names.Contains(e.Key)))
        {
            var guess = Nearest.To(name, names) is { } near ? $" Did you mean '{near}'?" : "";
            errors.Add(entry.Key, In(name), $"is no field here.{guess} Allowed: {string.Join(", ", names)}.");
        }
        return this;
    }

    public bool Has(string name) => map.Entries.ContainsKey(name);

    public void Wrong(string name, string message) => errors.Add(map.Entries.TryGetValue(name, out var entry) ? entry.Value : map, In(name), message);

    /// <param name="path">Below this map, such as <c>spec.containers[0]</c>.</param>
    public void WrongAt(YamlNode at, string path, string message) => errors.Add(at, In(path), message);

    public YamlNode? Node(string name, string? requiredBecause = null)
    {
        if (!map.Entries.TryGetValue(name, out var entry))
        {
            if (requiredBecause is not null)
                errors.Add(map, In(name), $"is missing; {requiredBecause}");
            return null;
        }
        if (entry.Value is not YamlText { IsNull: true })
            return entry.Value;
        errors.Add(entry.Key, In(name), "has no value; write one or remove the field.");
        return null;
    }

    public FieldReader? Map(string name) => Node(name) switch
    {
        null => null,
        YamlMap inner => new(inner, In(name), errors),
        var other => Wrong<FieldReader>(other, name, "takes fields of its own, such as { path: /healthz }."),
    };

    public string? Text(string name, string? requiredBecause = null) =>
        Node(name, requiredBecause) is { } node ? Text(node, name) : null;

    /// <param name="allowed">Ends the sentence "'…' is not allowed; …".</param>
    public string? Text(string name, Func<string, bool> isAllowed, string allowed, string? requiredBecause = null)
    {
        var text = Text(name, requiredBecause);
        if (text is null || isAllowed(text))
            return text;
        Wrong(name, $"'{Short(text)}' is not allowed; {allowed}");
        return null;
    }

    public T? Choice<T>(string name, IReadOnlyDictionary<string, T> choices, string? requiredBecause = null) where T : struct =>
        Text(name, choices.ContainsKey, $"choose one of {string.Join(", ", choices.Keys)}.", requiredBecause) is { } word ? choices[word] : null;

    public TimeSpan Duration(string name, TimeSpan otherwise, TimeSpan from, TimeSpan to)
    {
        if (Text(name) is not { } text)
            return otherwise;
        var isDuration = Templates.Duration.TryParse(text, out var duration);
        if (isDuration && duration >= from && duration <= to)
            return duration;
        var what = isDuration ? "is out of range" : text.All(char.IsAsciiDigit) ? "has no unit" : "is not a duration";
        Wrong(name, $"'{Short(text)}' {what}; write for example 30m, 90s or 1h30m, from {Templates.Duration.Format(from)} to {Templates.Duration.Format(to)}.");
        return otherwise;
    }

    public int? Number(string name, int from, int to)
    {
        if (Text(name) is not { } text)
            return null;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= from && number <= to)
            return number;
        Wrong(name, $"'{Short(text)}' is not allowed; write a whole number from {from} to {to}.");
        return null;
    }

    /// <summary>Texts in a list; <paramref name="check"/> returns what is wrong with one, or null.</summary>
    public IReadOnlyList<string> List(string name, Func<string, string?> check)
    {
        if (Node(name) is not { } node)
            return [];
        if (node is not YamlList list)
            return Wrong<string[]>(node, name, "takes a list, such as [a, b].") ?? [];
        return [.. list.Items.Select((item, i) => Checked(item, $"{name}[{i}]", check)).OfType<string>()];
    }

    /// <summary>All of this map's fields, whatever their names, as texts.</summary>
    public IReadOnlyDictionary<string, string> Texts(Func<string, string?> checkName, Func<string, string?> check)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, entry) in map.Entries)
        {
            if (checkName(name) is { } wrongName)
                errors.Add(entry.Key, In(name), wrongName);
            if (Checked(entry.Value, name, check) is { } text)
                texts[name] = text;
        }
        return texts;
    }

    private string? Checked(YamlNode node, string name, Func<string, string?> check)
    {
        if (Text(node, name) is not { } text)
            return null;
        return check(text) is { } wrong ? Wrong<string>(node, name, wrong) : text;
    }

    private string? Text(YamlNode node, string name) => node switch
    {
        YamlText { IsNull: false } text => text.Value,
        YamlText => Wrong<string>(node, name, "has no value; for an empty text write \"\"."),
        _ => Wrong<string>(node, name, "takes a text, not a list or a map."),
    };

    private T? Wrong<T>(YamlNode node, string name, string message) where T : class
    {
        errors.Add(node, In(name), message);
        return null;
    }

    private string In(string name) => path.Length == 0 ? Short(name) : $"{path}.{Short(name)}";

    /// <summary>Quoted in a message, a text stays one short line.</summary>
    private static string Short(string text)
    {
        var line = text.ReplaceLineEndings(" ");
        return line.Length <= 60 ? line : line[..(char.IsHighSurrogate(line[58]) ? 58 : 59)] + "…";
    }
}
