using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Aspire.Hosting.Publishing.Charts;

/// <summary>Writes data as YAML in blocks. Strings are quoted always, so that none is taken for something else.</summary>
internal sealed partial class YamlText(Func<string, string> text, Func<string, string?>? comment = null)
{
    public static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly StringBuilder _yaml = new();

    public static string Quoted(string text) => JsonSerializer.Serialize(text, Relaxed);

    public string Write(JsonObject content)
    {
        AddFields(content, "", "");
        return _yaml.ToString();
    }

    private void AddFields(JsonObject fields, string indent, string path)
    {
        foreach (var (key, value) in fields)
        {
            var here = path.Length == 0 ? key : $"{path}.{key}";
            foreach (var line in comment?.Invoke(here)?.Split('\n') ?? []) _yaml.Append(indent).Append("# ").Append(line).Append('\n');
            _yaml.Append(indent).Append(Plain().IsMatch(key) ? key : Quoted(key)).Append(':');
            AddValue(value, indent, here);
        }
    }

    private void AddValue(JsonNode? value, string indent, string path)
    {
        switch (value)
        {
            case JsonObject { Count: > 0 } fields:
                _yaml.Append('\n');
                AddFields(fields, indent + "  ", path);
                break;
            case JsonArray { Count: > 0 } items:
                _yaml.Append('\n');
                foreach (var item in items) AddItem(item, indent + "  ", path);
                break;
            default:
                _yaml.Append(' ').Append(Scalar(value)).Append('\n');
                break;
        }
    }

    private void AddItem(JsonNode? item, string indent, string path)
    {
        if (item is JsonObject { Count: > 0 } fields)
        {
            var start = _yaml.Length;
            AddFields(fields, indent + "  ", path);

            // The first field stands beside the dash.
            _yaml[start + indent.Length] = '-';
        }
        else
        {
            _yaml.Append(indent).Append('-');
            AddValue(item, indent, path);
        }
    }

    private string Scalar(JsonNode? value) => value is JsonValue scalar && scalar.GetValueKind() == JsonValueKind.String
        ? text(scalar.GetValue<string>())
        : value?.ToJsonString() ?? "null";

    [GeneratedRegex("^[A-Za-z_$][A-Za-z0-9_.$/-]*$")]
    private static partial Regex Plain();
}
