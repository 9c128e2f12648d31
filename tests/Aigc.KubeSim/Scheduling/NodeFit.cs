using System.Text.Json.Nodes;
using Aigc.KubeSim.Objects;

namespace Aigc.KubeSim.Scheduling;

/// <summary>Why a pod can't be on a node, in the scheduler's words.</summary>
internal static class NodeFit
{
    /// <returns>None when it can. The first rule that says no is the only one to be heard.</returns>
    public static IReadOnlyList<string> Reasons(JsonObject node, JsonObject pod, IReadOnlyDictionary<string, decimal> used)
    {
        if (node.Flag("spec", "unschedulable") == true && !pod.Each("spec", "tolerations").Any(one => one.Text("key") == "node.kubernetes.io/unschedulable"))
            return ["node(s) were unschedulable"];
        if (node.Each("spec", "taints").FirstOrDefault(taint => taint.Text("effect") is "NoSchedule" or "NoExecute" && !IsTolerated(pod, taint)) is { } taint)
            return [$"node(s) had taint {{{taint.Text("key")}: {taint.Text("value")}}}, that the pod didn't tolerate"];
        var labels = node.Map("metadata", "labels");
        if (pod.Map("spec", "nodeSelector").Any(wanted => labels.GetValueOrDefault(wanted.Key) != wanted.Value) || !MatchesAffinity(pod, labels))
            return ["node(s) didn't match Pod's node affinity"];
        var allocatable = node.Map("status", "allocatable");
        var lacking = NodeUse.Requests(pod)
            .Where(wanted => wanted.Value > 0 && used.GetValueOrDefault(wanted.Key) + wanted.Value > Quantity.Of(allocatable.GetValueOrDefault(wanted.Key)))
            .Select(wanted => wanted.Key == "pods" ? "Too many pods" : $"Insufficient {wanted.Key}")
            .ToList();
        return lacking;
    }

    public static bool IsTolerated(JsonObject pod, JsonObject taint) => pod.Each("spec", "tolerations").Any(one => Tolerates(one, taint));

    public static bool Tolerates(JsonObject toleration, JsonObject taint) =>
        (toleration.Text("effect") is null or "" || toleration.Text("effect") == taint.Text("effect"))
        && (toleration.Text("key") is null or "" ? toleration.Text("operator") == "Exists" : toleration.Text("key") == taint.Text("key"))
        && (toleration.Text("operator") == "Exists" || (toleration.Text("value") ?? "") == (taint.Text("value") ?? ""));

    private static bool MatchesAffinity(JsonObject pod, Dictionary<string, string> labels)
    {
        var terms = pod.Each("spec", "affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution", "nodeSelectorTerms").ToList();
        return terms.Count == 0
            || terms.Exists(term => Watching.LabelSelector.Of(new JsonObject { ["matchExpressions"] = term["matchExpressions"]?.DeepClone() }).Matches(labels));
    }
}
