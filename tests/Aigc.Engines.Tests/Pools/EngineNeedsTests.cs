using System.Text.Json;
using Aigc.Engines.Pools;
using Aigc.Engines.Templates;

namespace Aigc.Engines.Tests.Pools;

public sealed class EngineNeedsTests
{
    [Fact]
    public void A_pod_needs_the_limits_of_its_containers_and_the_largest_of_those_before_them()
    {
        var needs = Of("""
            {"containers": [
                {"resources": {"limits": {"nvidia.com/gpu": 1, "memory": "16Gi"}}},
                {"resources": {"limits": {"nvidia.com/gpu": "2"}}},
                {"resources": {"requests": {"aliyun.com/gpu-mem": 8}}}],
             "initContainers": [{"resources": {"limits": {"nvidia.com/gpu": 4}}}, {"resources": {"limits": {"aliyun.com/gpu-mem": 1}}}]}
            """);
        needs.Of(new Pool("a", "nvidia.com/gpu", 8)).ShouldBe(4);
        needs.Of(new Pool("b", "aliyun.com/gpu-mem", 96, 24)).ShouldBe(8);
        needs.Of(new Pool("c", "nvidia.com/mig-1g.5gb", 7)).ShouldBeNull();
    }

    [Fact]
    public void A_pool_of_other_machines_than_the_template_asks_for_is_not_for_it()
    {
        var needs = Of("""{"nodeSelector": {"gpu": "a100"}, "containers": [{"resources": {"limits": {"nvidia.com/gpu": 1}}}]}""");
        needs.Of(Pool(("gpu", "a100"))).ShouldBe(1);
        needs.Of(Pool(("gpu", "t4"))).ShouldBeNull();
        needs.Of(Pool(("zone", "b"))).ShouldBe(1);
    }

    [Fact]
    public void A_program_of_this_machine_needs_what_its_template_says()
    {
        var file = TemplateReader.Read("painter.yaml", """
            name: painter
            title: { en: Painter }
            description: { en: Paints. }
            version: "1"
            local:
              command: painter
              resources: { nvidia.com/gpu: 2 }
            readiness: { path: / }
            """);
        file.Errors.ShouldBeEmpty();
        EngineNeeds.Of(file.Template!.Local).Of(new Pool("a", "nvidia.com/gpu", 8)).ShouldBe(2);
        EngineNeeds.Of(TemplateJson.Read(TemplateJson.Write(file.Template)).Local).Units["nvidia.com/gpu"].ShouldBe(2);
    }

    [Theory]
    [InlineData("nvidia.com/gpu: 0.5", "whole number")]
    [InlineData("nvidia.com/gpu: -1", "whole number")]
    [InlineData("\"no name\": 1", "name of a resource")]
    public void What_no_pool_could_supply_is_refused_with_its_line(string resource, string words)
    {
        var file = TemplateReader.Read("painter.yaml", $$"""
            name: painter
            title: { en: Painter }
            description: { en: Paints. }
            version: "1"
            local:
              command: painter
              resources: { {{resource}} }
            """);
        var error = file.Errors.ShouldHaveSingleItem();
        error.Line.ShouldBe(7);
        error.Message.ShouldContain(words);
    }

    [Fact]
    public void A_pods_template_that_says_nothing_of_resources_needs_none() =>
        Of("""{"containers": [{"name": "a"}]}""").Units.ShouldBeEmpty();

    private static Pool Pool((string Label, string Value) machine) =>
        new("a", "nvidia.com/gpu", 8) { NodeSelector = new Dictionary<string, string> { [machine.Label] = machine.Value } };

    private static EngineNeeds Of(string spec) => EngineNeeds.Of(new KubernetesRuntime(80, null, JsonElement.Parse($$"""{"spec": {{spec}}}""")));
}
