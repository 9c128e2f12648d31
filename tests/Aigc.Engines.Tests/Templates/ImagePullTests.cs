using Aigc.Engines.Templates;

namespace Aigc.Engines.Tests.Templates;

public sealed class ImagePullTests
{
    private const string Painter = """
        name: painter
        title: Painter
        description: Paints
        version: "1"
        kubernetes:
          port: 7860
          volume: { size: 1Gi, mountPath: /data }
          pod:
            metadata: { annotations: { k8s.aliyun.com/eci: "true" } }
            spec:
              nodeSelector: { card: a100 }
              tolerations: [{ key: nvidia.com/gpu, operator: Exists }]
              imagePullSecrets: [{ name: registry }]
              runtimeClassName: nvidia
              affinity:
                nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [{ key: zone, operator: In, values: [a] }] }] } }
                podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [] }
              initContainers: [{ name: models, image: my/models }]
              containers:
                - { name: engine, image: "my/painter:3", resources: { limits: { nvidia.com/gpu: 1 } }, volumeMounts: [{ name: data, mountPath: /data }] }
                - { name: helper, image: my/models }
        """;

    private const string Local = """
        name: local
        title: Local
        description: Runs here
        version: "1"
        local: { command: painter }
        """;

    [Fact]
    public void Every_image_is_pulled_once_where_the_pods_can_run_and_nothing_else_of_them_is_taken()
    {
        var list = ImagePull.ListOf([Read(Painter), Read(Local)], "my/pause");
        var item = list["items"]!.AsArray().ShouldHaveSingleItem()!;
        ((string?)item["metadata"]!["name"]).ShouldBe("aigc-image-pull-painter");
        var pod = item["spec"]!["template"]!["spec"]!.AsObject();
        pod["initContainers"]!.AsArray().Select(container => (string?)container!["image"]).ShouldBe(["my/models", "my/painter:3"]);
        ((string?)pod["containers"]!.AsArray().ShouldHaveSingleItem()!["image"]).ShouldBe("my/pause");
        ((string?)pod["nodeSelector"]!["card"]).ShouldBe("a100");
        pod["tolerations"]!.AsArray().Count.ShouldBe(1);
        ((string?)pod["runtimeClassName"]).ShouldBe("nvidia");
        ((string?)pod["imagePullSecrets"]![0]!["name"]).ShouldBe("registry");
        pod["affinity"]!.AsObject().Select(field => field.Key).ShouldBe(["nodeAffinity"]);
        // A card that is held to pull an image would be taken from somebody.
        list.ToJsonString().ShouldNotContain("nvidia.com/gpu\":");
        list.ToJsonString().ShouldNotContain("volumeMounts");
    }

    private static Template Read(string source) => TemplateReader.Read("template.yaml", source).Template.ShouldNotBeNull();
}
