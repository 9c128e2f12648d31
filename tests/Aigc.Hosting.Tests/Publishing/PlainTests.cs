using YamlDotNet.RepresentationModel;

namespace Aigc.Hosting.Tests.Publishing;

/// <summary>The objects as a cluster gets them.</summary>
public sealed class PlainTests
{
    private static readonly string[] Services = ["api", "proxy", "worker"];

    [Fact]
    public async Task Kustomization_lists_every_file_and_every_object_has_a_name_and_a_place()
    {
        using var published = await PlainAsync();
        var listed = ((YamlSequenceNode)published.Yaml("kustomization.yaml")["resources"]).Select(file => file.ToString()).ToList();
        listed.Order(StringComparer.Ordinal).ShouldBe(published.Files.Where(file => file != "kustomization.yaml"));
        foreach (var file in listed)
        {
            var item = published.Yaml(file);
            item["apiVersion"].ToString().ShouldNotBeEmpty(file);
            item["metadata"]["name"].ToString().ShouldMatch("^[a-z][a-z0-9-]+$", file);
            if (item["kind"].ToString() != "Namespace") item["metadata"]["namespace"].ToString().ShouldStartWith("aigc", Case.Sensitive, file);
            published.Read(file).ShouldNotContain("{{");
        }
    }

    [Fact]
    public async Task Only_the_worker_has_rights_and_in_the_namespace_of_engines_alone()
    {
        using var published = await PlainAsync();
        published.Files.ShouldNotContain(file => published.Read(file).Contains("ClusterRole", StringComparison.Ordinal));
        foreach (var file in new[] { "worker/role.yaml", "worker/rolebinding.yaml" })
            published.Yaml(file)["metadata"]["namespace"].ToString().ShouldBe("aigc-engines");
        foreach (var rule in (YamlSequenceNode)published.Yaml("worker/role.yaml")["rules"])
        {
            foreach (var part in new[] { "apiGroups", "resources", "verbs" }) Texts(rule[part]).ShouldNotContain("*");
            Texts(rule["resources"]).ShouldNotContain("secrets");
            Texts(rule["resources"]).ShouldNotContain("pods/exec");
        }

        foreach (var service in Services)
            Pod(published, service)["automountServiceAccountToken"].ToString().ShouldBe(service == "worker" ? "true" : "false");
    }

    [Fact]
    public async Task Engines_let_in_the_proxy_and_the_worker_and_not_the_api()
    {
        using var published = await PlainAsync("--Kubernetes:Namespace=aigc-here");
        var label = new YamlScalarNode("app.kubernetes.io/part-of");
        Services.Where(service => ((YamlMappingNode)published.Yaml($"{service}/deployment.yaml")["spec"]["template"]["metadata"]["labels"]).Children.ContainsKey(label))
            .ShouldBe(["proxy", "worker"]);
        Texts(Pod(published, "worker")["containers"][0]["args"]).ShouldBe(["--Kubernetes:GatewayNamespace:kubernetes.io/metadata.name=aigc-here"]);
    }

    [Theory]
    [InlineData("api/deployment.yaml")]
    [InlineData("proxy/deployment.yaml")]
    [InlineData("worker/deployment.yaml")]
    [InlineData("postgres/statefulset.yaml")]
    [InlineData("tracker/statefulset.yaml")]
    public async Task No_pod_is_root_or_writes_to_its_own_files(string file)
    {
        using var published = await PlainAsync();
        var pod = published.Yaml(file)["spec"]["template"]["spec"];
        pod["securityContext"]["runAsNonRoot"].ToString().ShouldBe("true");
        pod["securityContext"]["seccompProfile"]["type"].ToString().ShouldBe("RuntimeDefault");
        var container = pod["containers"][0];
        container["securityContext"]["readOnlyRootFilesystem"].ToString().ShouldBe("true");
        container["securityContext"]["allowPrivilegeEscalation"].ToString().ShouldBe("false");
        Texts(container["securityContext"]["capabilities"]["drop"]).ShouldBe(["ALL"]);
        container["resources"]["requests"]["cpu"].ToString().ShouldNotBeEmpty();
        container["resources"]["limits"]["memory"].ToString().ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_replaced_proxy_has_its_whole_drain_before_it_is_killed()
    {
        using var published = await PlainAsync();
        var pod = Pod(published, "proxy");
        var drain = Number(published.Yaml("proxy/config.yaml")["data"]["DOTNET_SHUTDOWNTIMEOUTSECONDS"]);
        var listed = Number(pod["containers"][0]["lifecycle"]["preStop"]["exec"]["command"][1]);
        Number(pod["terminationGracePeriodSeconds"]).ShouldBeGreaterThan(drain + listed);
        published.Yaml("proxy/deployment.yaml")["spec"]["strategy"]["rollingUpdate"]["maxUnavailable"].ToString().ShouldBe("0");
        pod["containers"][0]["readinessProbe"]["httpGet"]["path"].ToString().ShouldBe("/health");
        pod["containers"][0]["livenessProbe"]["httpGet"]["path"].ToString().ShouldBe("/alive");
    }

    [Fact]
    public async Task What_one_object_says_of_another_is_true()
    {
        using var published = await PlainAsync();
        foreach (var service in Services)
        {
            var labels = published.Yaml($"{service}/deployment.yaml")["spec"]["template"]["metadata"]["labels"];
            foreach (var (file, path) in new[] { ("service", "selector"), ("networkpolicy", "podSelector"), ("poddisruptionbudget", "selector") })
            {
                var selector = published.Yaml($"{service}/{file}.yaml")["spec"][path];
                if (file != "service") selector = selector["matchLabels"];
                foreach (var (label, value) in ((YamlMappingNode)selector).Children) labels[label].ShouldBe(value, $"{service}/{file}");
            }

            var sources = (YamlSequenceNode)Pod(published, service)["containers"][0]["envFrom"];
            sources[0]["configMapRef"]["name"].ShouldBe(published.Yaml($"{service}/config.yaml")["metadata"]["name"]);
            sources[1]["secretRef"]["name"].ShouldBe(published.Yaml($"{service}/secrets.yaml")["metadata"]["name"]);
        }

        var port = published.Yaml("proxy/service.yaml")["spec"]["ports"][0]["port"];
        foreach (var rule in (YamlSequenceNode)published.Yaml("proxy/ingress.yaml")["spec"]["rules"])
            rule["http"]["paths"][0]["backend"]["service"]["port"]["number"].ShouldBe(port);
        published.Yaml("proxy/horizontalpodautoscaler.yaml")["spec"]["scaleTargetRef"]["name"].ShouldBe(published.Yaml("proxy/deployment.yaml")["metadata"]["name"]);
    }

    [Fact]
    public async Task Services_share_one_key_and_reach_the_stores_with_the_password_that_these_ask_for()
    {
        using var published = await PlainAsync();
        var secrets = Services.ToDictionary(service => service, service => published.Yaml($"{service}/secrets.yaml")["stringData"]);
        Services.Select(service => secrets[service]["Gateway__Key"].ToString()).Distinct().ShouldHaveSingleItem().Length.ShouldBeGreaterThanOrEqualTo(43);
        var password = published.Yaml("postgres/secrets.yaml")["stringData"]["POSTGRES_PASSWORD"];
        secrets["api"]["ConnectionStrings__database"].ToString().ShouldBe($"Host=postgres-service;Port=5432;Username=postgres;Password={password};Database=database");
        secrets["proxy"]["ConnectionStrings__tracker"].ToString().ShouldBe($"tracker-service:6379,password={published.Yaml("tracker/secrets.yaml")["stringData"]["REDIS_PASSWORD"]}");
        ((YamlMappingNode)secrets["proxy"]).Children.Keys.ShouldNotContain(new YamlScalarNode("ConnectionStrings__database"));
    }

    [Fact]
    public async Task Servers_of_ones_own_take_the_place_of_those_in_the_cluster()
    {
        using var published = await PlainAsync("--Values:parameters:postgres:enabled=false", "--Values:secrets:database:connection_string=Host=db.example.com;Database=aigc");
        published.Files.ShouldNotContain(file => file.StartsWith("postgres/", StringComparison.Ordinal));
        published.Yaml("worker/secrets.yaml")["stringData"]["ConnectionStrings__database"].ToString().ShouldBe("Host=db.example.com;Database=aigc");
    }

    [Fact]
    public async Task Secrets_of_ones_own_are_referred_to_and_not_written()
    {
        using var published = await PlainAsync("--Values:secrets:create=false", "--Values:secrets:api:name=from-a-vault");
        published.Files.ShouldNotContain(file => file.EndsWith("secrets.yaml", StringComparison.Ordinal));
        Pod(published, "api")["containers"][0]["envFrom"][1]["secretRef"]["name"].ToString().ShouldBe("from-a-vault");
    }

    [Theory]
    [InlineData("1.20", "policy/v1beta1", "autoscaling/v2beta2")]
    [InlineData("1.22", "policy/v1", "autoscaling/v2beta2")]
    [InlineData("1.34", "policy/v1", "autoscaling/v2")]
    public async Task An_older_cluster_gets_the_versions_that_it_has(string version, string budget, string autoscaler)
    {
        using var published = await PlainAsync($"--Kubernetes:Version={version}");
        published.Yaml("api/poddisruptionbudget.yaml")["apiVersion"].ToString().ShouldBe(budget);
        published.Yaml("api/horizontalpodautoscaler.yaml")["apiVersion"].ToString().ShouldBe(autoscaler);
    }

    [Fact]
    public async Task The_namespace_of_engines_is_kept_when_the_product_goes()
    {
        using var published = await PlainAsync();
        published.Yaml("worker/namespace.yaml")["metadata"]["annotations"]["helm.sh/resource-policy"].ToString().ShouldBe("keep");
    }

    [Theory]
    [InlineData("--Values:config:public_url:valeu=x", "config.public_url.valeu")]
    [InlineData("--Values:ingress:enabled=perhaps", "ingress.enabled")]
    public async Task A_value_that_does_not_exist_or_does_not_fit_is_refused_by_its_name(string argument, string name)
    {
        using var published = await Published.RunAsync(["--operation", "publish", "--step", "publish-plain", .. Published.Needed, argument]);
        published.ExitCode.ShouldBe(1);
        published.Errors.ShouldContain(name);
    }

    [Fact]
    public async Task Missing_values_are_named_all_at_once()
    {
        using var published = await Published.RunAsync("--operation", "publish", "--step", "publish-plain");
        published.ExitCode.ShouldBe(1);
        foreach (var needed in Published.Needed) published.Errors.ShouldContain(needed[..(needed.IndexOf('=') + 1)]);
        published.Files.ShouldBeEmpty();
    }

    private static async Task<Published> PlainAsync(params string[] more)
    {
        var published = await Published.RunAsync(["--operation", "publish", "--step", "publish-plain", .. Published.Needed, .. more]);
        published.Errors.ShouldBe("");
        published.ExitCode.ShouldBe(0);
        return published;
    }

    private static YamlNode Pod(Published published, string service) => published.Yaml($"{service}/deployment.yaml")["spec"]["template"]["spec"];

    private static IEnumerable<string> Texts(YamlNode list) => ((YamlSequenceNode)list).Select(item => item.ToString());

    private static int Number(YamlNode node) => int.Parse(node.ToString(), System.Globalization.CultureInfo.InvariantCulture);
}
