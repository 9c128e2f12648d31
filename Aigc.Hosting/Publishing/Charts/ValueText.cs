using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Aspire.Hosting.Publishing.Charts;

/// <summary>
/// Text with values in it: <c>{{ .Values.ingress.class | default "nginx" }}</c>. A string that is nothing else becomes the
/// value itself, be it a number or an object. One that begins with <c>{{ .Values.x | or }}</c> is that value where it is
/// given, and the rest where it is not; <c>| sum</c> is a value's SHA-256.
/// </summary>
internal sealed partial class ValueText
{
    public const string ReleaseNamespace = "Release.Namespace";

    private readonly List<(string Literal, string? Path)> _parts = [];
    private readonly string? _instead;
    private readonly string? _summed;

    private ValueText(string text)
    {
        var at = 0;
        foreach (Match match in Pattern().Matches(text))
        {
            var (path, filter) = (match.Groups["path"].Value, match.Groups["filter"].Value);
            if (filter == "sum") _summed = path;
            else if (filter == "or") _instead = path;
            else
            {
                _parts.Add((text[at..match.Index], path));
                if (match.Groups["default"] is { Success: true } value) Defaults[path] = JsonNode.Parse(value.Value);
            }

            at = match.Index + match.Length;
        }

        if (at < text.Length || _parts.Count == 0) _parts.Add((text[at..], null));
    }

    public Dictionary<string, JsonNode?> Defaults { get; } = [];

    public IEnumerable<string> Paths => _parts.Select(part => part.Path).OfType<string>();

    public static ValueText Parse(string text) => new(text);

    public static string Of(string path) => $"{{{{ .Values.{path} }}}}";

    /// <summary>As Helm fills it in. JSON is YAML, so it fits wherever a value does.</summary>
    public string ToHelm(Func<string, string?> required)
    {
        if (_summed is not null) return $"{{{{ toJson {Source(_summed)} | sha256sum | quote }}}}";
        var text = Composed(required);
        return _instead is null ? text : $"{{{{ if {Source(_instead)} }}}}{{{{ toJson {Source(_instead)} }}}}{{{{ else }}}}{text}{{{{ end }}}}";
    }

    /// <summary>As it is with these values; null is to be left out.</summary>
    public JsonNode? ToPlain(ChartValues values)
    {
        if (_summed is not null) return JsonValue.Create(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(values[_summed]?.ToJsonString() ?? "null"))));
        if (_instead is not null && values[_instead]?.ToString() is { Length: > 0 } instead) return JsonValue.Create(instead);
        return _parts is [("", { } only)]
            ? values[only]?.DeepClone()
            : JsonValue.Create(string.Concat(_parts.Select(part => part.Literal + (part.Path is null ? "" : values[part.Path]?.ToString()))));
    }

    private string Composed(Func<string, string?> required)
    {
        if (_parts is [({ } literal, null)]) return YamlText.Quoted(literal);
        if (_parts is [("", { } only)]) return $"{{{{ {Value(only, required)} | toJson }}}}";
        var format = string.Concat(_parts.Select(part => part.Literal.Replace("%", "%%", StringComparison.Ordinal) + (part.Path is null ? "" : "%v")));
        var values = Paths.Select(path => required(path) is null ? Source(path) : $"({Value(path, required)})");
        return string.Create(CultureInfo.InvariantCulture, $"{{{{ printf {JsonSerializer.Serialize(format, YamlText.Relaxed)} {string.Join(' ', values)} | toJson }}}}");
    }

    private static string Value(string path, Func<string, string?> required) =>
        required(path) is { } message ? $"required {JsonSerializer.Serialize(message, YamlText.Relaxed)} {Source(path)}" : Source(path);

    private static string Source(string path) => path == ReleaseNamespace ? $".{path}" : $".Values.{path}";

    [GeneratedRegex("""\{\{\s*\.(Values\.)?(?<path>[\w.]+)\s*(\|\s*(?<filter>or|sum|default\s+(?<default>"[^"]*"|\d+|true|false))\s*)?\}\}""")]
    private static partial Regex Pattern();
}
