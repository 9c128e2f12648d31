using System.Text.Json.Nodes;
using Aigc.Engines.Lifecycle;
using Aigc.Worker.Kubernetes;
using Aigc.Worker.Runtimes;

namespace Aigc.Worker.Tests.Kubernetes;

/// <summary>What a cluster's objects mean for an engine: cases that no test can make a cluster show at will, too.</summary>
public sealed class ObservationTests
{
    private static readonly EngineId Engine = new(new string('a', 32));
    private static readonly DateTimeOffset Now = new(2026, 5, 4, 3, 2, 1, TimeSpan.Zero);

    [Fact]
    public void Without_objects_and_after_a_release_there_is_nothing()
    {
        Of(null).ShouldBeNull();
        Of(Deployment(replicas: 0, run: "")).ShouldBeNull();
    }

    [Fact]
    public void What_was_stopped_has_ended_once_its_pod_is_gone()
    {
        var compute = Of(Deployment(replicas: 0))!;
        (compute.Phase, compute.Uid, compute.Generation).ShouldBe((ComputePhase.Exited, "pod-before", 7));
        Of(Deployment(replicas: 0), Pod())!.Phase.ShouldBe(ComputePhase.Stopping);
        // The cluster had replaced the pod that the start began with.
        Of(Deployment(replicas: 0, podStartedAt: "2026-05-04T03:01:45Z"))!.StartedAt.ShouldBe(new(2026, 5, 4, 3, 1, 45, TimeSpan.Zero));
    }

    [Fact]
    public void What_somebody_else_scaled_down_was_taken_from_it()
    {
        Of(Deployment(replicas: 0))!.Waiting.ShouldBeNull();
        Of(Deployment(replicas: 0, stoppedAt: ""))!.Waiting.ShouldBe(new(Reasons.Displaced));
    }

    [Fact]
    public void Only_what_has_a_machine_is_metered()
    {
        Of(Deployment())!.HasMachine.ShouldBeFalse();
        Of(Deployment(), Pod(placed: false))!.HasMachine.ShouldBeFalse();
        Of(Deployment(), Pod())!.HasMachine.ShouldBeTrue();
        var cancelled = Of(Deployment(replicas: 0), Pod(placed: false, leavesAt: Now))!;
        (cancelled.Phase, cancelled.Uid, cancelled.HasMachine).ShouldBe((ComputePhase.Stopping, "run", false));
        Of(Deployment(replicas: 0), Pod(leavesAt: Now))!.HasMachine.ShouldBeTrue();
        Of(Deployment(replicas: 0))!.HasMachine.ShouldBeTrue();
        Of(Deployment(replicas: 0, pod: ""))!.HasMachine.ShouldBeFalse();
    }

    [Fact]
    public void A_second_pod_that_somebody_asked_for_changes_nothing() =>
        Of(Deployment(), Pod(), Pod(uid: "second", placed: false, age: 1))!.Uid.ShouldBe("pod");

    [Fact]
    public void A_pod_by_itself_says_what_a_Deployment_would()
    {
        var running = Of(null, Pod(run: "given"))!;
        (running.Phase, running.Uid, running.Generation, running.HasMachine).ShouldBe((ComputePhase.Running, "given", 7, true));
        running.Address.ShouldBe(new Uri("http://10.1.2.3:7860"));
        // What went before was another engine's.
        running.StartedAt.ShouldBe(Now.AddSeconds(-5));
        Of(Deployment(replicas: 0, run: ""), Pod(run: "given"))!.Phase.ShouldBe(ComputePhase.Running);
        var leaving = Of(null, Pod(run: "given", leavesAt: Now))!;
        (leaving.Phase, leaving.Uid, leaving.Waiting).ShouldBe((ComputePhase.Stopping, "given", null));
        var evicted = Of(null, Pod(run: "given", phase: "Failed"))!;
        (evicted.Phase, evicted.Uid, evicted.HasMachine, evicted.Waiting).ShouldBe((ComputePhase.Exited, "given", true, new(Reasons.Displaced)));
    }

    [Fact]
    public void It_is_known_by_its_start_until_it_has_a_machine_and_by_its_pod_from_then_on()
    {
        var asked = Of(Deployment())!;
        (asked.Phase, asked.Uid, asked.Waiting).ShouldBe((ComputePhase.Pending, "run", null));
        Of(Deployment(), Pod(placed: false))!.Uid.ShouldBe("run");
        var running = Of(Deployment(), Pod())!;
        (running.Phase, running.Uid, running.Waiting, running.Failure).ShouldBe((ComputePhase.Running, "pod", null, null));
        running.Address.ShouldBe(new Uri("http://10.1.2.3:7860"));
        running.PhaseSince.ShouldBe(Now.AddSeconds(-20));
        Of(Deployment(), Pod(ip: "fd00::7"))!.Address.ShouldBe(new Uri("http://[fd00::7]:7860"));
    }

    [Theory]
    [InlineData("0/3 nodes are available: 1 Insufficient nvidia.com/gpu, 2 Insufficient memory.", Reasons.NoRoom, "not enough memory, nvidia.com/gpu")]
    [InlineData("0/3 nodes are available: 2 Insufficient memory, 3 Insufficient nvidia.com/gpu.", Reasons.NoRoom, "not enough memory, nvidia.com/gpu")]
    [InlineData("0/1 nodes are available: 1 node(s) had untolerated taint {gpu: true}.", Reasons.NoRoom, "0/1 nodes are available: 1 node(s) had untolerated taint {gpu: true}.")]
    [InlineData("0/1 nodes are available: 1 pod has unbound immediate PersistentVolumeClaims.", Reasons.DiskPending, "0/1 nodes are available: 1 pod has unbound immediate PersistentVolumeClaims.")]
    public void Without_a_machine_it_says_what_the_scheduler_misses(string message, string code, string detail) =>
        Of(Deployment(), Pod(placed: false, unplaced: message))!.Waiting.ShouldBe(new(code, detail));

    [Theory]
    [InlineData("""{"waiting":{"reason":"ImagePullBackOff","message":"no such image"}}""")]
    [InlineData("""{"waiting":{"reason":"CreateContainerConfigError","message":"no"}}""")]
    [InlineData("""{"terminated":{"exitCode":137,"reason":"OOMKilled","finishedAt":"2026-05-04T03:01:50Z"}}""")]
    public void What_becomes_of_another_container_is_not_the_engines_end(string other)
    {
        var running = Of(Deployment(), Pod(other: other))!;
        (running.Phase, running.Waiting, running.Failure).ShouldBe((ComputePhase.Running, null, null));
    }

    [Fact]
    public void A_pod_that_can_not_be_made_is_a_refusal_or_a_quota()
    {
        var quota = Of(Deployment(trouble: "pods \"x\" is forbidden: exceeded quota: q, requested: pods=1, used: pods=1, limited: pods=1"))!;
        quota.Waiting.ShouldBe(new(Reasons.QuotaUsed, "exceeded quota: q, requested: pods=1, used: pods=1, limited: pods=1"));
        var refused = Of(Deployment(trouble: "admission webhook \"policy\" denied the request: no"))!;
        (refused.Waiting, refused.Failure).ShouldBe((null, new(Reasons.ClusterRefused, "admission webhook \"policy\" denied the request: no")));
        Of(Deployment(trouble: "pods \"x\" is forbidden: error looking up service account a/default: not found"))!.Failure.ShouldBeNull("it comes a moment later");
    }

    [Theory]
    [InlineData("ContainerCreating", "", Reasons.Fetching, null)]
    [InlineData("ErrImagePull", "rpc error", Reasons.ImageMissing, "my/engine")]
    [InlineData("ImagePullBackOff", "Back-off", Reasons.ImageMissing, "my/engine")]
    [InlineData("CreateContainerConfigError", "secret \"key\" not found", Reasons.NotAsTemplated, "secret \"key\" not found")]
    [InlineData("RunContainerError", "", Reasons.NotAsTemplated, "RunContainerError")]
    public void A_container_that_does_not_begin_says_why(string reason, string message, string code, string? detail)
    {
        var compute = Of(Deployment(), Pod(state: $$"""{ "waiting": { "reason":"{{reason}}","message":{{JsonValue.Create(message).ToJsonString()}} } }"""))!;
        (compute.Phase, compute.Waiting).ShouldBe((ComputePhase.Running, new(code, detail)));
    }

    [Fact]
    public void A_name_that_is_none_never_comes()
    {
        Of(Deployment(), Pod(state: """{"waiting":{"reason":"InvalidImageName"}}"""))!.Failure.ShouldBe(new(Reasons.ImageMissing, "my/engine"));
    }

    [Fact]
    public void An_engine_that_ended_has_ended_even_if_the_kubelet_has_started_it_again()
    {
        const string Ended = """{"terminated":{"exitCode":137,"reason":"OOMKilled","finishedAt":"2026-05-04T03:01:55Z"}}""";
        foreach (var (state, last) in new[] { (Ended, "{}"), ("""{"waiting":{"reason":"CrashLoopBackOff"}}""", Ended), ("""{"running":{}}""", Ended) })
        {
            var compute = Of(Deployment(), Pod(state: state, last: last))!;
            (compute.Phase, compute.ExitCode, compute.Failure).ShouldBe((ComputePhase.Exited, 137, new(Reasons.OutOfMemory)));
            compute.EndedAt.ShouldBe(Now.AddSeconds(-6));
        }
    }

    [Fact]
    public void A_pod_that_is_taken_away_is_waited_for_and_the_next_one_waits_behind_it()
    {
        var compute = Of(Deployment(), Pod(leavesAt: Now.AddSeconds(5)), Pod(uid: "next", placed: false, age: 1))!;
        (compute.Phase, compute.Uid, compute.Waiting).ShouldBe((ComputePhase.Stopping, "pod", new(Reasons.Displaced)));
        compute.PhaseSince.ShouldBe(Now.AddSeconds(-25));
    }

    [Fact]
    public void A_pod_that_does_not_go_is_on_a_machine_that_is_lost()
    {
        var lost = Pod(leavesAt: Now.AddSeconds(-31));
        Of(Deployment(), lost)!.Waiting.ShouldBe(new(Reasons.MachineGone, "node-1"));
        Of(Deployment(replicas: 0), lost)!.Waiting.ShouldBe(new(Reasons.MachineGone, "node-1"));
    }

    [Theory]
    [InlineData("False", "", "True", true)]
    [InlineData("Unknown", "NodeStatusUnknown", "True", true)]
    [InlineData("True", "", "True", false)]
    [InlineData("False", "ContainersNotReady", "False", false)]
    [InlineData("False", "ReadinessGatesNotReady", "True", false)]
    public void A_machine_is_gone_when_its_pod_is_not_ready_and_no_kubelet_has_said_so(string ready, string reason, string containersReady, bool gone)
    {
        var lost = Pod(ready: $$"""{ "type": "Ready", "status": "{{ready}}"{{(reason.Length > 0 ? $", \"reason\": \"{reason}\"" : "")}} }, { "type": "ContainersReady", "status": "{{containersReady}}" }""");
        var compute = Of(Deployment(), lost)!;
        (compute.Phase, compute.Uid, compute.Waiting).ShouldBe((ComputePhase.Running, "pod", gone ? new(Reasons.MachineGone, "node-1") : null));
        compute.Address.ShouldNotBeNull("it may come back as it was");
        Of(Deployment(replicas: 0), lost)!.Waiting.ShouldBe(gone ? new(Reasons.MachineGone, "node-1") : null);
    }

    [Fact]
    public void A_pod_that_was_evicted_counts_no_more()
    {
        var compute = Of(Deployment(), Pod(phase: "Failed"), Pod(uid: "next", placed: false, age: 1))!;
        (compute.Phase, compute.Uid).ShouldBe((ComputePhase.Pending, "run"));
    }

    [Fact]
    public void Times_of_other_clocks_do_not_lie_ahead() =>
        Of(Deployment(), Pod(placedAt: Now.AddMinutes(5)))!.PhaseSince.ShouldBe(Now);

    [Fact]
    public void The_newest_event_tells_what_is_done_and_what_holds_it_up()
    {
        JsonObject Event(string reason, string message, int second) =>
            JsonNode.Parse($$"""{"reason":"{{reason}}","message":"{{message}}","lastTimestamp":"2026-05-04T03:00:{{second:00}}Z"}""")!.AsObject();
        var multi = Event("FailedAttachVolume", "Multi-Attach error for volume \\\"pvc\\\"", 2);
        PodEvents.ReasonOf([multi, Event("Scheduled", "ok", 1)])!.Code.ShouldBe(Reasons.DiskElsewhere);
        PodEvents.ReasonOf([Event("FailedMount", "timed out", 3), multi]).ShouldBe(new(Reasons.DiskPending, "timed out"));
        PodEvents.ReasonOf([multi, Event("SuccessfulAttachVolume", "ok", 4)]).ShouldBeNull();
        PodEvents.ReasonOf([]).ShouldBeNull();
        var pulling = Event("Pulling", "Pulling image \\\"registry.example.com/sd:1\\\"", 5);
        PodEvents.ReasonOf([multi, pulling]).ShouldBe(new(Reasons.Pulling, "registry.example.com/sd:1"));
        PodEvents.ReasonOf([pulling, Event("Pulled", "Successfully pulled image in 40s", 6)]).ShouldBe(new(Reasons.Unpacked));
    }

    private static Compute? Of(DeploymentView? deployment, params PodView[] pods) => Observation.Of(Engine, deployment, pods, null, Now);

    private static DeploymentView Deployment(int replicas = 1, string run = "run", string? trouble = null, string? stoppedAt = null, string? pod = null, string podStartedAt = "") => DeploymentView.From(JsonNode.Parse($$"""
        {
          "metadata": {
            "uid": "deployment", "generation": 4,
            "annotations": { "aigc/run": "{{run}}", "aigc/generation": "7", "aigc/port": "7860", "aigc/started-at": "2026-05-04T03:01:40Z", "aigc/stopped-at": "{{stoppedAt ?? (replicas == 0 ? "2026-05-04T03:01:50Z" : "")}}", "aigc/pod": "{{pod ?? (replicas == 0 ? "pod-before" : "")}}", "aigc/pod-started-at": "{{podStartedAt}}" }
          },
          "spec": { "replicas": {{replicas}} },
          "status": { "observedGeneration": 4, "conditions": [{ "type": "ReplicaFailure", "status": "{{(trouble is null ? "False" : "True")}}", "message": {{JsonValue.Create(trouble ?? "").ToJsonString()}} }] }
        }
        """)!.AsObject());

    private static PodView Pod(
        string uid = "pod", bool placed = true, string? unplaced = null, string phase = "Running", string ip = "10.1.2.3", string state = """{"running":{}}""",
        string last = "{}", int age = 30, DateTimeOffset? leavesAt = null, DateTimeOffset? placedAt = null,
        string other = """{"running":{}}""", string? run = null, string ready = """{ "type": "Ready", "status": "True" }""") => PodView.From(JsonNode.Parse($$"""
        {
          "metadata": {
            "name": "{{uid}}", "uid": "{{uid}}", "creationTimestamp": "{{Now.AddSeconds(-age):O}}"
            {{(run is null ? "" : $", \"annotations\": {{ \"aigc/run\": \"{run}\", \"aigc/generation\": \"7\", \"aigc/port\": \"7860\", \"aigc/started-at\": \"{Now.AddSeconds(-5):O}\" }}")}}
            {{(leavesAt is { } at ? $", \"deletionTimestamp\": \"{at:O}\", \"deletionGracePeriodSeconds\": 30" : "")}}
          },
          "spec": { {{(placed ? "\"nodeName\": \"node-1\"," : "")}} "containers": [{ "name": "engine", "image": "my/engine" }, { "name": "sidecar", "image": "other" }] },
          "status": {
            "phase": "{{phase}}", "podIP": "{{ip}}",
            "conditions": [{ "type": "PodScheduled", "status": "{{(placed ? "True" : "False")}}", "message": {{JsonValue.Create(unplaced ?? "").ToJsonString()}}, "lastTransitionTime": "{{placedAt ?? Now.AddSeconds(-20):O}}" }, {{ready}}],
            "containerStatuses": [{ "name": "sidecar", "state": {{other}}, "lastState": {{other}} }, { "name": "engine", "state": {{state}}, "lastState": {{last}} }]
          }
        }
        """)!.AsObject());
}
