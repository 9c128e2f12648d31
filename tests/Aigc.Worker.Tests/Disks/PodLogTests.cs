using System.Text.Json.Nodes;

namespace Aigc.Worker.Tests.Disks;

/// <summary>The log of an engine in a cluster is what the engine wrote: not what stands beside it.</summary>
public sealed class PodLogTests
{
    [Fact]
    public async Task It_is_the_engines_and_after_a_restart_that_of_the_run_before()
    {
        var pod = PodStage.Pod(new("http://127.0.0.1:1"));
        pod["status"]!["conditions"] = JsonNode.Parse("""[{ "type": "PodScheduled", "status": "True" }]""");
        await using var stage = await PodStage.StartAsync(() => [pod.DeepClone().AsObject()]);
        (await stage.Http.GetStringAsync("log?lines=7")).ShouldBe("engine, 7 lines, previous: false");

        pod["status"]!["containerStatuses"]![0] = JsonNode.Parse("""
            { "name": "engine", "state": { "waiting": { "reason": "CrashLoopBackOff" } }, "lastState": { "terminated": { "exitCode": 1 } } }
            """);
        (await stage.Http.GetStringAsync("log?lines=7")).ShouldBe("engine, 7 lines, previous: true");
    }
}
