using System.Text.Json.Nodes;
using Aigc.KubeSim.Controllers;
using Aigc.KubeSim.Objects;

namespace Aigc.KubeSim.Pods;

/// <summary>What a kubelet reports of a pod.</summary>
/// <param name="State">Of each container: <c>waiting</c>, <c>running</c> or <c>terminated</c>.</param>
/// <param name="Last">How the run before ended.</param>
internal sealed record PodStatus(string Phase, JsonObject State, bool IsReady, int Restarts, string Address, JsonObject? Last = null, string? Reason = null, string? Message = null)
{
    public static JsonObject Waiting(string reason, string? message = null)
    {
        var waiting = new JsonObject { ["reason"] = reason };
        if (message is not null)
            waiting["message"] = message;
        return new() { ["waiting"] = waiting };
    }

    public static JsonObject Running(string since) => new() { ["running"] = new JsonObject { ["startedAt"] = since } };

    public static JsonObject Terminated(int exitCode, string reason, string since, string now) =>
        new() { ["terminated"] = new JsonObject { ["exitCode"] = exitCode, ["reason"] = reason, ["startedAt"] = since, ["finishedAt"] = now } };

    public void WriteTo(JsonObject status, JsonObject pod, Cluster cluster)
    {
        status["phase"] = Phase;
        status.Default("startTime", cluster.Now);
        status["hostIP"] = "127.0.0.1";
        Set(status, "reason", Reason);
        Set(status, "message", Message);
        var hasBegun = State.ContainsKey("running") || Last is not null;
        if (hasBegun)
        {
            status["podIP"] = Address;
            status["podIPs"] = new JsonArray(new JsonObject { ["ip"] = Address });
        }

        var containers = pod.Each("spec", "containers").ToList();
        var unready = Phase == "Succeeded" ? ("PodCompleted", null) : ("ContainersNotReady", (string?)$"containers with unready status: [{string.Join(' ', containers.Select(one => one.Text("name")))}]");
        cluster.Condition(status, "Initialized", true, null, null);
        cluster.Condition(status, "Ready", IsReady, IsReady ? null : unready.Item1, IsReady ? null : unready.Item2);
        cluster.Condition(status, "ContainersReady", IsReady, IsReady ? null : unready.Item1, IsReady ? null : unready.Item2);
        status["containerStatuses"] = new JsonArray([.. containers.Select(one => Container(one, hasBegun))]);
    }

    private JsonObject Container(JsonObject container, bool hasBegun) => new()
    {
        ["name"] = container.Text("name"),
        ["image"] = container.Text("image"),
        ["imageID"] = hasBegun ? $"docker-pullable://{container.Text("image")}@sha256:{new string('0', 64)}" : "",
        ["ready"] = IsReady,
        ["started"] = State.ContainsKey("running"),
        ["restartCount"] = Restarts,
        ["state"] = State.DeepClone(),
        ["lastState"] = Last?.DeepClone() ?? new JsonObject(),
    };

    private static void Set(JsonObject status, string name, string? value)
    {
        if (value is null)
            status.Remove(name);
        else
            status[name] = value;
    }
}
