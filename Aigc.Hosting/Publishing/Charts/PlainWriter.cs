using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Publishing.Charts;

/// <summary>
/// The chart's objects for <c>kubectl apply -k</c>, with its values filled in: the defaults, and what the section <c>Values</c>
/// says otherwise (<c>--Values:ingress:enabled=true</c>). <c>Kubernetes:Version</c> names an older cluster, and
/// <c>Kubernetes:Namespace</c> where it goes, as <c>helm install --namespace</c> does.
/// </summary>
internal sealed class PlainWriter(Chart chart, IConfiguration configuration)
{
    public async Task WriteAsync(string folder, CancellationToken cancellationToken)
    {
        FillIn();
        var home = configuration["Kubernetes:Namespace"] is { Length: > 0 } name ? name : chart.Name;
        chart.Values.Add(ValueText.ReleaseNamespace, home);
        var version = configuration["Kubernetes:Version"] is { Length: > 0 } text ? Version.Parse(text) : null;
        var files = new JsonArray();
        foreach (var item in chart.Objects.Where(item => item.Conditions.All(IsTrue)))
        {
            var content = Resolved(item.Content)!.AsObject();
            if (content["kind"]!.GetValue<string>() != "Namespace") content["metadata"]!.AsObject().TryAdd("namespace", home);
            if (OlderVersions.Of(content) is { } older && version < older.Since) content["apiVersion"] = older.Older;
            files.Add($"{item.Path}.yaml");
            await PublishedFile.WriteAsync(Path.Combine(folder, $"{item.Path}.yaml"), new YamlText(YamlText.Quoted).Write(content), cancellationToken);
        }

        var kustomization = new JsonObject
        {
            ["apiVersion"] = "kustomize.config.k8s.io/v1beta1",
            ["kind"] = "Kustomization",
            ["resources"] = files,
        };
        await PublishedFile.WriteAsync(Path.Combine(folder, "kustomization.yaml"), new YamlText(YamlText.Quoted).Write(kustomization), cancellationToken);
    }

    private void FillIn()
    {
        foreach (var (path, text) in configuration.GetSection("Values").AsEnumerable(makePathsRelative: true))
        {
            if (text is not null) chart.Values.Set(path.Replace(':', '.'), Typed(path.Replace(':', '.'), text));
        }

        foreach (var (path, made) in chart.Values.Generated)
        {
            if (IsMissing(path)) chart.Values.Set(path, made.GetDefaultValue());
        }

        var missing = chart.Values.Required.Keys.Where(IsMissing).Select(path => $"--Values:{path.Replace('.', ':')}=…").ToList();
        if (missing.Count > 0) throw new DistributedApplicationException($"These values are missing: {string.Join(' ', missing)}");
    }

    private JsonValue Typed(string path, string text)
    {
        if (!chart.Values.Has(path)) throw new DistributedApplicationException($"There is no value {path}; values.yaml of the chart (--step publish) has all.");
        return (chart.Values[path]?.GetValueKind(), long.TryParse(text, out var number), bool.TryParse(text, out var truth)) switch
        {
            (JsonValueKind.True or JsonValueKind.False, _, true) => JsonValue.Create(truth),
            (JsonValueKind.Number or null, true, _) => JsonValue.Create(number),
            (JsonValueKind.String or null, _, _) => JsonValue.Create(text),
            _ => throw new DistributedApplicationException($"The value {path} cannot be {text}; it is {chart.Values[path]!.ToJsonString()} by default."),
        };
    }

    private bool IsMissing(string path) => chart.Values[path]?.ToString() is null or "";

    private bool IsTrue(string path) => chart.Values[path]?.GetValueKind() == JsonValueKind.True;

    private JsonNode? Resolved(JsonNode? node) => node switch
    {
        JsonObject fields => new JsonObject(fields
            .Select(field => KeyValuePair.Create(field.Key, Resolved(field.Value)))
            .Where(field => field.Value is not null)),
        JsonArray items => new JsonArray([.. items.Select(Resolved)]),
        JsonValue value when value.GetValueKind() == JsonValueKind.String => ValueText.Parse(value.GetValue<string>()).ToPlain(chart.Values),
        _ => node?.DeepClone(),
    };
}
