using System.Text;
using System.Text.Json.Nodes;

namespace Aspire.Hosting.Publishing.Charts;

/// <summary>A Helm chart: <c>Chart.yaml</c>, <c>values.yaml</c> with its schema, and a template for each object.</summary>
internal sealed class ChartWriter(Chart chart)
{
    public async Task WriteAsync(string folder, CancellationToken cancellationToken)
    {
        var templates = Path.Combine(folder, "templates");

        // What an earlier version had and this one has not would be installed still.
        if (Directory.Exists(templates)) Directory.Delete(templates, recursive: true);
        foreach (var item in chart.Objects) await PublishedFile.WriteAsync(Path.Combine(templates, $"{item.Path}.yaml"), Template(item), cancellationToken);
        var about = new JsonObject
        {
            ["apiVersion"] = "v2",
            ["name"] = chart.Name,
            ["version"] = chart.Version,
            ["appVersion"] = chart.Version,
            ["description"] = chart.Description,
            ["type"] = "application",
            ["kubeVersion"] = ">=1.20.0-0",
        };
        await PublishedFile.WriteAsync(Path.Combine(folder, "Chart.yaml"), new YamlText(YamlText.Quoted).Write(about), cancellationToken);
        var values = new YamlText(YamlText.Quoted, chart.Values.CommentOn).Write(chart.Values.Tree);
        await PublishedFile.WriteAsync(Path.Combine(folder, "values.yaml"), values, cancellationToken);
        await PublishedFile.WriteAsync(Path.Combine(folder, "values.schema.json"), ValueSchema.Of(chart.Values).ToJsonString(PublishedFile.Indented) + "\n", cancellationToken);
    }

    private string Template(ChartObject item)
    {
        var yaml = new StringBuilder();
        foreach (var condition in item.Conditions) yaml.Append("{{- if .Values.").Append(condition).Append(" }}\n");
        yaml.Append(new YamlText(text => ValueText.Parse(text).ToHelm(chart.Values.Why)).Write(WithApiVersion(item.Content)));
        foreach (var _ in item.Conditions) yaml.Append("{{- end }}\n");

        // The version is Helm's to choose: it has asked the cluster.
        return OlderVersions.Of(item.Content) is { } older
            ? yaml.Replace($"apiVersion: \"{VersionMark}\"", $"apiVersion: {{{{ if .Capabilities.APIVersions.Has \"{older.Current}/{older.Kind}\" }}}}{older.Current}{{{{ else }}}}{older.Older}{{{{ end }}}}").ToString()
            : yaml.ToString();
    }

    private const string VersionMark = "by-capabilities";

    private static JsonObject WithApiVersion(JsonObject content)
    {
        if (OlderVersions.Of(content) is null) return content;
        var marked = content.DeepClone().AsObject();
        marked["apiVersion"] = VersionMark;
        return marked;
    }
}
