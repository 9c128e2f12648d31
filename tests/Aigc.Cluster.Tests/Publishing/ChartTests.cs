using System.Text.Json.Nodes;
using Aigc.Testing;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Aigc.Cluster.Tests.Publishing;

/// <summary>What Helm would install is what the plain output has, and the cluster takes it.</summary>
[Trait(Shell.Cluster, Shell.Real)]
public sealed class ChartTests
{
    private const string Values = """
        {
          "config": {
            "public_url": { "value": "https://aigc.example.com" },
            "engine_domain": { "value": "engines.example.net" },
            "identity_authority": { "value": "https://login.example.com" },
            "api": { "Identity__Provider": "keycloak" }
          },
          "secrets": {
            "gateway_key": { "value": "a-key-for-tests-alone" },
            "postgres_password": { "value": "for-tests: 100% \"quoted\"" },
            "tracker_password": { "value": "for-tests" },
            "identity_client_secret": { "value": "for-tests" }
          },
          "parameters": { "api": { "replicas": 3 } },
          "ingress": { "class": "traefik" },
          "autoscaling": { "max": 4 }
        }
        """;

    [Fact]
    public async Task Chart_and_plain_output_are_the_same_objects_and_the_API_server_accepts_them()
    {
        using var shell = new Shell();
        var (product, engines) = ($"aigc-p-{Guid.NewGuid().ToString("N")[..8]}", $"aigc-e-{Guid.NewGuid().ToString("N")[..8]}");
        var version = await shell.VersionAsync();
        var values = Values.Replace("\"identity_authority\"", $"\"engine_namespace\": {{ \"value\": \"{engines}\" }}, \"identity_authority\"", StringComparison.Ordinal);
        await File.WriteAllTextAsync(Path.Combine(shell.Folder, "values.json"), values);
        await shell.RunAsync($"""
            dotnet run --project Aigc.AppHost -- --operation publish --step publish --output-path chart
            dotnet run --project Aigc.AppHost -- --operation publish --step publish-plain --output-path plain --Kubernetes:Version={version} --Kubernetes:Namespace={product} \
              {string.Join(" \\\n  ", Arguments(values))}
            """);
        await RenderAsync(shell, values, product, version);
        var plain = Objects(await shell.RunAsync("kubectl kustomize plain"));
        var rendered = Objects(await File.ReadAllTextAsync(Path.Combine(shell.Folder, "rendered.yaml")));
        rendered.Keys.Order(StringComparer.Ordinal).ShouldBe(plain.Keys.Order(StringComparer.Ordinal));
        foreach (var (name, item) in rendered) item.ShouldBe(plain[name], name);

        try
        {
            await shell.RunAsync($"kubectl create namespace {product}; kubectl create namespace {engines}");
            await shell.RunAsync("kubectl apply --dry-run=server -k plain");
            await shell.RunAsync($"""
                cp "$KUBECONFIG" there; export KUBECONFIG=there
                kubectl config set-context --current --namespace={product}
                kubectl apply --dry-run=server -f rendered.yaml
                """);
        }
        finally
        {
            await shell.RunAsync($"kubectl delete namespace {product} {engines} --wait=false");
        }
    }

    /// <summary>With Helm where it is; else with Go's templates, which Helm's are.</summary>
    private static async Task RenderAsync(Shell shell, string values, string product, string version)
    {
        var merged = (JsonObject)Json(Documents(await File.ReadAllTextAsync(Path.Combine(shell.Folder, "chart", "values.yaml"))).Single())!;
        Merge(merged, JsonNode.Parse(values)!.AsObject());
        await File.WriteAllTextAsync(Path.Combine(shell.Folder, "merged.json"), merged.ToJsonString());
        await shell.RunAsync($$"""
            if command -v helm >/dev/null; then
              helm template aigc chart --namespace {{product}} --kube-version {{version}} --values values.json > rendered.yaml
            else
              kubectl api-versions > versions.txt
              go run '{{Path.Combine(Repository.Root, "tests", "Aigc.Cluster.Tests", "Publishing", "render.go")}}' chart merged.json {{product}} versions.txt > rendered.yaml
            fi
            """);
    }

    private static void Merge(JsonObject values, JsonObject over)
    {
        foreach (var (key, value) in over)
        {
            if (value is JsonObject inner && values[key] is JsonObject there) Merge(there, inner);
            else values[key] = value?.DeepClone();
        }
    }

    private static JsonNode? Json(YamlNode node) => node switch
    {
        YamlMappingNode fields => new JsonObject(fields.Children.Select(field => KeyValuePair.Create(field.Key.ToString(), Json(field.Value)))),
        YamlSequenceNode items => new JsonArray([.. items.Select(Json)]),
        YamlScalarNode { Style: ScalarStyle.Plain } scalar => JsonNode.Parse(scalar.Value!),
        _ => JsonValue.Create(node.ToString()),
    };

    private static IEnumerable<YamlNode> Documents(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        return stream.Documents.Select(document => document.RootNode).Where(root => root is YamlMappingNode { Children.Count: > 0 });
    }

    private static IEnumerable<string> Arguments(string json)
    {
        var settings = new List<(string, string)>();
        Collect(JsonNode.Parse(json)!, "Values", settings);
        return settings.Select(setting => $"'--{setting.Item1}={setting.Item2}'");
    }

    private static void Collect(JsonNode node, string path, List<(string, string)> settings)
    {
        if (node is JsonObject fields)
        {
            foreach (var (key, value) in fields) Collect(value!, $"{path}:{key}", settings);
        }
        else
        {
            settings.Add((path, node.ToString()));
        }
    }

    private static Dictionary<string, string> Objects(string yaml) =>
        Documents(yaml).ToDictionary(item => $"{item["kind"]} {item["metadata"]["name"]}", Canonical);

    /// <summary>In the order of names, without what is null, and without what only one of the two can say.</summary>
    private static string Canonical(YamlNode node) => node switch
    {
        YamlMappingNode fields => "{" + string.Join(", ", fields.Children
            .Where(field => field.Value is not YamlScalarNode { Value: "null" or "", Style: ScalarStyle.Plain } && field.Key.ToString() is not ("checksum/config" or "namespace"))
            .Select(field => $"{field.Key}: {Canonical(field.Value)}").Order(StringComparer.Ordinal)) + "}",
        YamlSequenceNode items => "[" + string.Join(", ", items.Select(Canonical)) + "]",
        _ => node.ToString(),
    };
}
