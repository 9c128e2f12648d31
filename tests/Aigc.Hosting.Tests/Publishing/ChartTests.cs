using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Aigc.Hosting.Tests.Publishing;

/// <summary>What Helm gets: a chart that refers to nothing that is not there.</summary>
public sealed partial class ChartTests
{
    [Fact]
    public async Task Every_value_that_a_template_uses_is_in_the_values_and_their_schema()
    {
        using var published = await ChartAsync();
        var schema = published.Json("values.schema.json");
        var used = published.Files.Where(file => file.StartsWith("templates/", StringComparison.Ordinal))
            .SelectMany(file => Value().Matches(published.Read(file)).Select(match => (file, match.Groups[1].Value))).ToList();
        used.Count.ShouldBeGreaterThan(100);
        foreach (var (file, path) in used)
        {
            var node = path.Split('.').Aggregate((JsonNode?)schema, (node, key) => node?["properties"]?[key] ?? node?["additionalProperties"]);
            node.ShouldNotBeNull($"{file} uses {path}");
        }
    }

    [Fact]
    public async Task A_misspelt_value_is_refused_and_a_services_own_setting_is_not()
    {
        using var published = await ChartAsync();
        var schema = published.Json("values.schema.json");
        schema["additionalProperties"]!.GetValue<bool>().ShouldBeFalse();
        schema["properties"]!["parameters"]!["properties"]!["api"]!["additionalProperties"]!.GetValue<bool>().ShouldBeFalse();
        schema["properties"]!["config"]!["properties"]!["api"]!["additionalProperties"]!["type"]!.ToString().ShouldBe("string");
        schema["properties"]!["ingress"]!["properties"]!["enabled"]!["type"]!.ToString().ShouldBe("boolean");
    }

    [Fact]
    public async Task Templates_are_where_Aspire_puts_them_and_secrets_are_empty()
    {
        using var published = await ChartAsync();
        foreach (var service in new[] { "api", "proxy", "worker" })
        {
            foreach (var kind in new[] { "deployment", "service", "config", "secrets" }) published.Files.ShouldContain($"templates/{service}/{kind}.yaml");
        }

        published.Files.ShouldContain("templates/postgres/statefulset.yaml");
        published.Files.ShouldContain("templates/tracker/statefulset.yaml");
        var values = published.Yaml("values.yaml");
        values["parameters"]["api"]["api_image"].ToString().ShouldBe("aigc-api:0.1.0");
        values["config"]["api"]["services__worker__http__0"].ToString().ShouldBe("http://worker-service:8080");
        values["config"]["disk_image"]["value"].ToString().ShouldBe("aigc-disk:0.1.0");
        published.Read("values.yaml").ShouldContain("config.disk_image shows people the files");
        published.Read("templates/worker/deployment.yaml").ShouldContain("Kubernetes__Files__Image");
        foreach (var secret in new[] { "gateway_key", "postgres_password", "tracker_password", "identity_client_secret" })
            values["secrets"][secret]["value"].ToString().ShouldBe("", secret);
        published.Yaml("Chart.yaml")["name"].ToString().ShouldBe("aigc");
    }

    [Theory]
    [InlineData("ingress.enabled", "proxy/ingress")]
    [InlineData("gateway.enabled", "proxy/httproute")]
    [InlineData("autoscaling.enabled", "api/horizontalpodautoscaler")]
    [InlineData("network_policies.enabled", "worker/networkpolicy")]
    [InlineData("engines.create_namespace", "worker/namespace")]
    [InlineData("parameters.postgres.enabled", "postgres/statefulset")]
    [InlineData("parameters.tracker.enabled", "tracker/service")]
    [InlineData("secrets.create", "api/secrets")]
    public async Task What_is_optional_has_a_switch(string value, string template)
    {
        using var published = await ChartAsync();
        var text = published.Read($"templates/{template}.yaml");
        text.ShouldStartWith($"{{{{- if .Values.{value} }}}}");
        text.TrimEnd().ShouldEndWith("{{- end }}");
    }

    [Fact]
    public async Task A_cluster_without_the_current_version_of_a_kind_gets_the_older_one()
    {
        using var published = await ChartAsync();
        published.Read("templates/api/poddisruptionbudget.yaml")
            .ShouldContain("apiVersion: {{ if .Capabilities.APIVersions.Has \"policy/v1/PodDisruptionBudget\" }}policy/v1{{ else }}policy/v1beta1{{ end }}");
        published.Read("templates/api/horizontalpodautoscaler.yaml").ShouldContain("autoscaling/v2beta2");
    }

    [Fact]
    public async Task What_an_earlier_chart_had_and_this_one_has_not_is_gone()
    {
        using var published = await ChartAsync();
        var template = published.PathOf("templates/api/deployment.yaml");
        File.Copy(template, published.PathOf("templates/api/old.yaml"));
        await published.AgainAsync("--operation", "publish", "--step", "publish");
        published.Files.ShouldNotContain("templates/api/old.yaml");
    }

    [Fact]
    public async Task Logto_is_in_it_where_it_is_asked_for()
    {
        using var published = await Published.RunAsync("--operation", "publish", "--step", "publish", "--AIGC_IDENTITY=logto");
        published.Read("templates/logto/secrets.yaml").ShouldContain("postgres://postgres:%v@postgres-service:5432/logto");
        published.Yaml("values.yaml")["parameters"]["logto"]["enabled"].ToString().ShouldBe("true");
    }

    private static async Task<Published> ChartAsync()
    {
        var published = await Published.RunAsync("--operation", "publish", "--step", "publish");
        published.Errors.ShouldBe("");
        published.ExitCode.ShouldBe(0);
        return published;
    }

    [GeneratedRegex(@"\.Values\.([\w.]*\w)")]
    private static partial Regex Value();
}
