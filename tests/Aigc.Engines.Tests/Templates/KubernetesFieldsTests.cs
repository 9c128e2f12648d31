using System.Text.Json;
using Aigc.Engines.Templates;

namespace Aigc.Engines.Tests.Templates;

/// <summary>A pod template is taken as it is written; what would give an engine the machine or the cluster is refused where it stands.</summary>
public sealed class KubernetesFieldsTests
{
    private const string Head = "name: pod\ntitle: Pod\ndescription: A pod\nversion: \"1\"\nkubernetes:\n  port: 7860\n";
    private const string Pod = "  pod:\n    spec:\n      containers:\n        - name: engine\n          image: my/engine\n";

    [Fact]
    public void Any_pod_template_is_kept_with_its_types()
    {
        var kubernetes = Read(Head + """
              volume: { size: 20Gi, class: fast, mountPath: /data, accessMode: ReadWriteMany }
              pod:
                metadata: { annotations: { k8s.aliyun.com/eci-use-specs: "ecs.gn6i-c4g1.xlarge" } }
                spec:
                  runtimeClassName: nvidia
                  tolerations: [{ key: gpu, operator: Exists }]
                  containers:
                    - name: engine
                      image: my/engine
                      args: [--port, "7860"]
                      env: [{ name: HALF, value: "0.5" }]
                      readinessProbe: { periodSeconds: 2, httpGet: { port: 7860, path: / } }
                      stdin: true
                      resources: { limits: { nvidia.com/gpu: 1, cpu: 0.5, aliyun.com/gpu-mem: 8 } }
            """).Template!.Kubernetes!;

        (kubernetes.Port, kubernetes.Volume).ShouldBe((7860, new("20Gi", "fast", "/data", "ReadWriteMany")));
        var stored = TemplateJson.Read(TemplateJson.Write(Read(Head + Pod).Template! with { Kubernetes = kubernetes })).Kubernetes!;
        JsonElement.DeepEquals(stored.Pod, kubernetes.Pod).ShouldBeTrue();
        var container = stored.Pod.GetProperty("spec").GetProperty("containers")[0];
        container.GetProperty("args")[1].GetString().ShouldBe("7860");
        container.GetProperty("stdin").GetBoolean().ShouldBeTrue();
        container.GetProperty("readinessProbe").GetProperty("httpGet").GetProperty("port").GetInt32().ShouldBe(7860);
        container.GetProperty("resources").GetProperty("limits").GetProperty("cpu").GetDecimal().ShouldBe(0.5m);
    }

    [Fact]
    public void Spares_are_for_pods_without_a_disk()
    {
        Read("spares: 2\n" + Head + Pod).Template!.Spares.ShouldBe(2);
        Read("spares: 0\n" + Head + "  volume: { size: 1Gi, mountPath: /data }\n" + Pod).Template!.Spares.ShouldBe(0);
        var error = Read("spares: 2\n" + Head + "  volume: { size: 1Gi, mountPath: /data }\n" + Pod).Errors.ShouldHaveSingleItem();
        (error.Line, error.Field).ShouldBe((1, "spares"));
        error.Message.ShouldContain("without a disk");
    }

    [Theory]
    [InlineData("          securityContext: { privileged: true }", "spec.containers[0].securityContext.privileged", 12)]
    [InlineData("          securityContext:\n            capabilities: { add: [SYS_ADMIN] }", "spec.containers[0].securityContext.capabilities.add", 13)]
    [InlineData("          ports: [{ containerPort: 1, hostPort: 1 }]", "spec.containers[0].ports[0].hostPort", 12)]
    [InlineData("      volumes:\n        - name: all\n          hostPath: { path: / }", "spec.volumes[0].hostPath", 14)]
    [InlineData("      hostNetwork: true", "spec.hostNetwork", 12)]
    [InlineData("      hostPID: \"true\"", "spec.hostPID", 12)]
    [InlineData("      hostIPC: true", "spec.hostIPC", 12)]
    [InlineData("      initContainers: [{ name: a, image: b, securityContext: { privileged: true } }]", "spec.initContainers[0].securityContext.privileged", 12)]
    public void What_gives_an_engine_the_machine_is_refused_unless_allowed(string lines, string field, int line)
    {
        var error = Read(Head + Pod + lines + "\n").Errors.ShouldHaveSingleItem();
        (error.Line, error.Field).ShouldBe((line, $"kubernetes.pod.{field}"), error.ToString());
        error.Message.ShouldContain("Kubernetes:AllowHostAccess=true");
        Read(Head + Pod + lines + "\n", new(HostAccess: true)).Errors.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("      serviceAccountName: admin", "spec.serviceAccountName")]
    [InlineData("      automountServiceAccountToken: true", "spec.automountServiceAccountToken")]
    [InlineData("      volumes: [{ name: t, projected: { sources: [{ serviceAccountToken: { path: t } }] } }]", "spec.volumes[0].projected.sources[0].serviceAccountToken")]
    public void What_gives_an_engine_an_account_of_the_cluster_is_refused_unless_allowed(string lines, string field)
    {
        var error = Read(Head + Pod + lines + "\n").Errors.ShouldHaveSingleItem();
        error.Field.ShouldBe($"kubernetes.pod.{field}");
        Read(Head + Pod + lines + "\n", new(HostAccess: true)).Errors.Count.ShouldBe(1);
        Read(Head + Pod + lines + "\n", new(ServiceAccounts: true)).Errors.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("      nodeName: node-1", "spec.nodeName")]
    [InlineData("      restartPolicy: Never", "spec.restartPolicy")]
    [InlineData("      volumes: [{ name: data, emptyDir: {} }]", "spec.volumes[0].name")]
    [InlineData("        - image: sidecar", "spec.containers[1].name")]
    [InlineData("        - { name: aigc-disk, image: sidecar }", "spec.containers[1].name")]
    public void What_would_break_a_promise_is_refused_in_any_case(string lines, string field) =>
        Read(Head + Pod + lines + "\n", new(true, true)).Errors.ShouldHaveSingleItem().Field.ShouldBe($"kubernetes.pod.{field}");

    [Theory]
    [InlineData("name: p\ntitle: P\ndescription: P\nversion: \"1\"\nkubernetes: {}", 2)]
    [InlineData(Head + "  pod: {}", 1)]
    [InlineData(Head + "  pod: { spec: {} }", 1)]
    [InlineData(Head + "  volume: { size: big, mountPath: data }\n" + Pod, 2)]
    public void What_is_missing_is_named(string yaml, int errors) => Read(yaml).Errors.Count.ShouldBe(errors);

    private static TemplateFile Read(string yaml, PodAllowance? allowance = null) => TemplateReader.Read("pod.yaml", yaml, allowance);
}
