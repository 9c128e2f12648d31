using System.Text.Json;
using System.Text.Json.Nodes;
using Aigc.Engines.Gateway;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.Templates;
using Aigc.Worker.Kubernetes;
using Aigc.Worker.Kubernetes.Files;
using Microsoft.Extensions.Options;

namespace Aigc.Worker.Tests.Kubernetes;

/// <summary>The container beside an engine has the engine's rights on its files, and no others.</summary>
public sealed class DiskContainerTests
{
    private static readonly EngineId Engine = EngineId.New();

    [Theory]
    [InlineData("{}", "{}", 0, null)]
    [InlineData("""{ "runAsNonRoot": true }""", "{}", 1654, null)]
    [InlineData("{}", """{ "runAsNonRoot": true }""", 1654, null)]
    [InlineData("""{ "runAsUser": 1000, "runAsGroup": 100 }""", "{}", 1000, 100)]
    [InlineData("""{ "runAsUser": 1000, "runAsGroup": 100 }""", """{ "runAsUser": 1001 }""", 1001, 100)]
    public void It_runs_as_the_engine_says_else_as_the_pod(string pod, string engine, int user, int? group)
    {
        var container = Container($$"""{ "securityContext": {{pod}}, "containers": [{ "name": "engine", "securityContext": {{engine}} }] }""");
        var security = container["securityContext"]!;
        security["runAsUser"]!.GetValue<long>().ShouldBe(user);
        ((int?)security["runAsGroup"]).ShouldBe(group);
        security["runAsNonRoot"]!.GetValue<bool>().ShouldBe(user != 0);
    }

    [Fact]
    public void It_can_do_nothing_but_read_and_write_the_disk()
    {
        var container = Container("""{ "containers": [{ "name": "engine", "securityContext": { "privileged": true, "capabilities": { "add": ["SYS_ADMIN"] } } }] }""");
        JsonNode.DeepEquals(container["securityContext"], JsonNode.Parse("""
            {
              "allowPrivilegeEscalation": false, "capabilities": { "drop": ["ALL"] }, "readOnlyRootFilesystem": true,
              "seccompProfile": { "type": "RuntimeDefault" }, "runAsUser": 0, "runAsNonRoot": false
            }
            """)).ShouldBeTrue(container["securityContext"]!.ToJsonString());
        container["volumeMounts"]!.ToJsonString().ShouldBe("""[{"name":"data","mountPath":"/disk"}]""");
        container.ContainsKey("readinessProbe").ShouldBeFalse("a pod is ready without it");
    }

    [Fact]
    public void Its_port_is_nobody_elses_in_the_pod_and_its_registry_is_opened_once()
    {
        var pod = """{ "imagePullSecrets": [{ "name": "mine" }], "containers": [{ "name": "engine", "ports": [{ "containerPort": 8791 }] }, { "name": "b", "ports": [{ "containerPort": 8793 }] }] }""";
        Of(pod, port: 8792)!.Port.ShouldBe(8794);
        Added(pod)["imagePullSecrets"]!.ToJsonString().ShouldBe("""[{"name":"mine"},{"name":"registry"}]""");
        Added(pod.Replace("mine", "registry", StringComparison.Ordinal))["imagePullSecrets"]!.ToJsonString().ShouldBe("""[{"name":"registry"}]""");
    }

    [Fact]
    public void Without_a_disk_an_image_or_a_network_of_its_own_there_is_none()
    {
        const string pod = """{ "containers": [{ "name": "engine" }] }""";
        Of(pod).ShouldNotBeNull();
        Of(pod, image: "").ShouldBeNull();
        Of(pod, volume: false).ShouldBeNull();
        Of("""{ "hostNetwork": true, "containers": [{ "name": "engine" }] }""").ShouldBeNull();
    }

    [Fact]
    public void A_key_is_one_engines_and_says_nothing_of_the_gateways()
    {
        var keys = Containers("one");
        keys.KeyOf(Engine).ShouldBe(Containers("one").KeyOf(Engine), "a worker after this one knows it again");
        keys.KeyOf(Engine).ShouldNotBe(keys.KeyOf(EngineId.New()));
        keys.KeyOf(Engine).ShouldNotBe(Containers("another").KeyOf(Engine));
        keys.KeyOf(Engine).Length.ShouldBe(64);
    }

    private static JsonObject Container(string pod) => Added(pod)["containers"]!.AsArray()[^1]!.AsObject();

    private static JsonObject Added(string pod)
    {
        var body = JsonNode.Parse(pod)!.AsObject();
        Of(pod)!.AddTo(body, "data");
        return body;
    }

    private static DiskContainer? Of(string pod, int port = 7860, string image = "aigc-disk:1", bool volume = true) => Containers("key", image).For(
        Engine, new(port, volume ? new("1Gi", null, "/data") : null, JsonSerializer.SerializeToElement(new JsonObject { ["spec"] = JsonNode.Parse(pod) })));

    private static DiskContainers Containers(string key, string image = "aigc-disk:1") => new(
        Options.Create(new KubernetesOptions { Files = { Image = image, PullSecret = "registry" } }), Options.Create(new GatewayOptions { Key = key }));
}
