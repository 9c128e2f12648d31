using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Aspire.Hosting.Kubernetes;
using Aspire.Hosting.Kubernetes.Resources;

namespace Aspire.Hosting.Publishing.Charts;

/// <summary>Describes the application as objects of a cluster.</summary>
internal sealed class ChartMaker(DistributedApplicationModel model, PublishedResources resources)
{
    /// <summary>On an object: it is there when that value is true, such as <c>{{ .Values.ingress.enabled | default false }}</c>.</summary>
    private const string When = "hosting/when";

    /// <summary>On an object: what <c>values.yaml</c> says above the section that it is switched by.</summary>
    private const string About = "hosting/about";

    private static readonly JsonSerializerOptions Fields = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.Strict,
    };

    private readonly ChartValues _values = new();
    private readonly List<ChartObject> _objects = [];

    /// <exception cref="DistributedApplicationException">The application has no Kubernetes environment.</exception>
    public async Task<Chart> MakeAsync(CancellationToken cancellationToken)
    {
        var environment = model.Resources.OfType<KubernetesEnvironmentResource>().FirstOrDefault()
            ?? throw new DistributedApplicationException("Add a Kubernetes environment to publish for: builder.AddKubernetesEnvironment(\"k8s\").");
        var values = new ResourceValues(model, _values);
        values.Describe();
        var maker = new ObjectMaker(environment, resources, values, _values);
        foreach (var resource in model.Resources.Where(resource => resource is IComputeResource))
        {
            var made = await maker.MakeAsync(resource, cancellationToken);
            foreach (var customization in resource.Annotations.OfType<KubernetesCustomization>()) customization.Configure(made);
            Add(made, values, resource is ProjectResource ? null : $"parameters.{ResourceValues.Key(resource)}.enabled");
        }

        return new(environment.HelmChartName, environment.HelmChartVersion, environment.HelmChartDescription, _values, _objects);
    }

    private void Add(KubernetesResource made, ResourceValues references, string? enabled)
    {
        IEnumerable<(string File, BaseKubernetesResource? Item, string? If)> own =
        [
            (made.Workload?.Kind.ToLowerInvariant() ?? "", made.Workload, null),
            ("service", made.Service, null),
            ("config", made.ConfigMap, null),
            ("secrets", made.Secret, ResourceValues.CreateSecrets),
        ];
        var more = made.AdditionalResources.Select(item => (item.Kind.ToLowerInvariant(), (BaseKubernetesResource?)item, (string?)null));
        foreach (var (file, item, condition) in own.Concat(more))
        {
            if (item is null) continue;
            foreach (var (label, value) in ObjectMaker.Selector(made.Target)) item.Metadata.Labels[label] = value;
            var content = Shared(JsonSerializer.SerializeToNode(item, item.GetType(), Fields), references)!.AsObject();
            Lift.Out(content, ResourceValues.Key(made.Target), _values);
            List<string> conditions = [.. new[] { enabled, condition, Condition(content) }.OfType<string>()];
            KeepDefaults(content);
            _objects.Add(new(PathOf(made.Target, file), conditions, Tidy(content)));
        }
    }

    private string PathOf(IResource resource, string file)
    {
        var path = $"{resource.Name}/{file}";
        var others = _objects.Count(item => item.Path.TrimEnd("-0123456789".ToCharArray()) == path);
        return others == 0 ? path : string.Create(CultureInfo.InvariantCulture, $"{path}-{others + 1}");
    }

    private string? Condition(JsonObject content)
    {
        var annotations = content["metadata"]!["annotations"]!.AsObject();
        var (when, about) = (annotations[When]?.GetValue<string>(), annotations[About]?.GetValue<string>());
        annotations.Remove(When);
        annotations.Remove(About);
        if (when is null) return null;
        var text = ValueText.Parse(when);
        var path = text.Paths.Single();
        foreach (var (name, value) in text.Defaults) _values.Add(name, value);
        if (about is not null) _values.Explain(path.Split('.')[0], about);
        return path;
    }

    private static JsonNode? Shared(JsonNode? node, ResourceValues references) => node switch
    {
        JsonObject fields => new JsonObject(fields.Select(field => KeyValuePair.Create(field.Key, Shared(field.Value, references)))),
        JsonArray items => new JsonArray([.. items.Select(item => Shared(item, references))]),
        JsonValue value when value.GetValueKind() == JsonValueKind.String => JsonValue.Create(references.Shared(value.GetValue<string>())),
        _ => node?.DeepClone(),
    };

    /// <summary>The defaults that strings give for their values become those of the chart.</summary>
    private void KeepDefaults(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject fields:
                foreach (var field in fields) KeepDefaults(field.Value);
                break;
            case JsonArray items:
                foreach (var item in items) KeepDefaults(item);
                break;
            case JsonValue value when value.GetValueKind() == JsonValueKind.String:
                foreach (var (path, fallback) in ValueText.Parse(value.GetValue<string>()).Defaults) _values.Add(path, fallback);
                break;
        }
    }

    /// <summary>Without the lists and maps that nobody filled.</summary>
    private static JsonObject Tidy(JsonObject fields)
    {
        foreach (var (key, value) in fields.ToList())
        {
            if (value is JsonArray { Count: 0 } || (value is JsonObject { Count: 0 } && key is "labels" or "annotations" or "requests" or "limits" or "matchLabels")) fields.Remove(key);
            else if (value is JsonObject inner) Tidy(inner);
            else if (value is JsonArray items)
            {
                foreach (var item in items.OfType<JsonObject>()) Tidy(item);
            }
        }

        return fields;
    }
}
