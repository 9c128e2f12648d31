using System.Text.Json.Nodes;
using Aigc.KubeSim.Api;
using Aigc.KubeSim.Objects;
using Aigc.KubeSim.Watching;
using Aigc.KubeSim.Writing;

namespace Aigc.KubeSim.Admission;

/// <summary>What an object must have, and what of it may not change.</summary>
internal static class Validation
{
    /// <param name="before">Null for a new object.</param>
    public static void Check(ObjectKey key, JsonObject content, JsonObject? before)
    {
        var errors = Metadata(key, content, before).Concat(key.Type.Kind switch
        {
            "Pod" => PodValidation.Pod(content, before),
            "Deployment" or "ReplicaSet" => Workload(content, before),
            "Service" => Service(content, before),
            "PersistentVolumeClaim" => Claim(content, before),
            "NetworkPolicy" => NetworkPolicy(content),
            "Secret" => Secret(content, before),
            "Lease" => Lease(content),
            "Role" => Role(content),
            "RoleBinding" => RoleBinding(content, before),
            _ => [],
        }).ToList();
        if (errors.Count > 0)
            throw ApiException.Invalid(key.Type, key.Name, errors);
    }

    private static IEnumerable<FieldError> Metadata(ObjectKey key, JsonObject content, JsonObject? before) =>
        (before is null ? Names.Check(key.Type, key.Name) : [])
            .Concat(Labels("metadata.labels", content.Map("metadata", "labels")))
            .Concat(content.Map("metadata", "annotations").Keys.SelectMany(name => Names.LabelKey("metadata.annotations", name)))
            .Concat(content.Each("metadata", "ownerReferences").SelectMany((owner, index) =>
                new[] { "apiVersion", "kind", "name", "uid" }.Where(field => owner.Text(field) is null or "")
                    .Select(field => FieldError.Invalid($"metadata.ownerReferences.{field}", "\"\"", $"{(field == "apiVersion" ? "version" : field)} must not be empty"))));

    public static IEnumerable<FieldError> Labels(string field, Dictionary<string, string> labels) =>
        labels.SelectMany(label => Names.LabelKey(field, label.Key).Concat(Names.LabelValue(field, label.Value)));

    private static IEnumerable<FieldError> Workload(JsonObject content, JsonObject? before)
    {
        var spec = content["spec"]!.AsObject();
        if (spec.Number("replicas") < 0)
            yield return FieldError.Invalid("spec.replicas", spec["replicas"], "must be greater than or equal to 0");
        if (spec["selector"] is not JsonObject selector)
            yield return FieldError.Required("spec.selector");
        else
        {
            if (selector.Map("matchLabels").Count == 0 && !selector.Each("matchExpressions").Any())
                yield return FieldError.Invalid("spec.selector", "v1.LabelSelector{MatchLabels:map[string]string(nil), MatchExpressions:[]v1.LabelSelectorRequirement(nil)}", "empty selector is invalid for deployment");
            if (before is not null && !Json.Same(before.At("spec", "selector"), selector))
                yield return FieldError.Invalid("spec.selector", GoWords.Selector(selector), "field is immutable");
        }

        var labels = spec.Map("template", "metadata", "labels");
        if (spec["selector"] is null || !LabelSelector.Of(spec["selector"]).Matches(labels))
            yield return FieldError.Invalid("spec.template.metadata.labels", GoWords.Map(labels), "`selector` does not match template `labels`");
        if (spec.Text("strategy", "type") == "Recreate" && spec.At("strategy", "rollingUpdate") is not null)
            yield return FieldError.Forbidden("spec.strategy.rollingUpdate", "may not be specified when strategy `type` is 'Recreate'");
        foreach (var error in Labels("spec.template.labels", labels))
            yield return error;
        foreach (var error in PodValidation.Spec("spec.template.spec", spec.At("template", "spec") as JsonObject ?? []))
            yield return error;
        if (spec.Text("template", "spec", "restartPolicy") is { } policy and not "Always")
            yield return FieldError.NotSupported("spec.template.spec.restartPolicy", policy, "Always");
    }

    private static IEnumerable<FieldError> Service(JsonObject content, JsonObject? before)
    {
        var ports = content.Each("spec", "ports").ToList();
        if (ports.Count == 0 && content.Text("spec", "clusterIP") != "None" && content.Text("spec", "type") != "ExternalName")
            yield return FieldError.Required("spec.ports");
        for (var index = 0; index < ports.Count; index++)
        {
            var path = $"spec.ports[{index}]";
            if (ports.Count > 1 && ports[index].Text("name") is null or "")
                yield return FieldError.Required($"{path}.name");
            if (ports[index].Number("port") is not (> 0 and < 65536))
                yield return FieldError.Invalid($"{path}.port", ports[index]["port"] ?? 0, "must be between 1 and 65535, inclusive");
            if (ports[index].Number("targetPort") is { } target and not (> 0 and < 65536))
                yield return FieldError.Invalid($"{path}.targetPort", target, "must be between 1 and 65535, inclusive");
        }

        if (before?.Text("spec", "clusterIP") is { Length: > 0 } address && content.Text("spec", "clusterIP") != address)
            yield return FieldError.Invalid("spec.clusterIP", content.At("spec", "clusterIP"), "field is immutable");
    }

    private static IEnumerable<FieldError> Claim(JsonObject content, JsonObject? before)
    {
        var spec = content["spec"]!.AsObject();
        if (!spec.Texts("accessModes").Any())
            yield return FieldError.Required("spec.accessModes", "at least 1 access mode is required");
        if (spec.Text("resources", "requests", "storage") is not { } size)
            yield return FieldError.Required("spec.resources[storage]");
        else if (Quantity.Of(size) <= 0)
            yield return FieldError.Invalid("spec.resources[storage]", $"\"{size}\"", "must be greater than zero");
        if (before is null)
            yield break;
        var (was, now) = (before["spec"]!.AsObject().Clone(), spec.Clone());
        var (had, wants) = (Quantity.Of(was.Text("resources", "requests", "storage")), Quantity.Of(now.Text("resources", "requests", "storage")));
        (was["resources"], now["resources"]) = (null, null);
        if (was.Text("volumeName") is null)
            now.Remove("volumeName");
        if (!Json.Same(was, now))
            yield return FieldError.Forbidden("spec", "spec is immutable after creation except resources.requests for bound claims");
        else if (wants != had && before.Text("status", "phase") != "Bound")
            yield return FieldError.Forbidden("spec", "spec is immutable after creation except resources.requests for bound claims");
        else if (wants < had)
            yield return FieldError.Forbidden("spec.resources.requests.storage", "field can not be less than previous value");
    }

    private static IEnumerable<FieldError> NetworkPolicy(JsonObject content) =>
        content.Texts("spec", "policyTypes")
            .Select((policy, index) => (policy, index))
            .Where(one => one.policy is not ("Ingress" or "Egress"))
            .Select(one => FieldError.NotSupported($"spec.policyTypes[{one.index}]", one.policy, "Egress", "Ingress"));

    private static IEnumerable<FieldError> Secret(JsonObject content, JsonObject? before)
    {
        if (before is not null && before.Text("type") != content.Text("type"))
            yield return FieldError.Invalid("type", content["type"], "field is immutable");
    }

    private static IEnumerable<FieldError> Role(JsonObject content) => content.Each("rules").SelectMany((rule, index) =>
        new[] { ("verbs", "verbs must contain at least one value"), ("apiGroups", "resource rules must supply at least one api group"), ("resources", "resource rules must supply at least one resource") }
            .Where(field => !rule.Texts(field.Item1).Any())
            .Select(field => FieldError.Required($"rules[{index}].{field.Item1}", field.Item2)));

    private static IEnumerable<FieldError> RoleBinding(JsonObject content, JsonObject? before)
    {
        var (group, kind, name) = (content.Text("roleRef", "apiGroup"), content.Text("roleRef", "kind") ?? "", content.Text("roleRef", "name") ?? "");
        if (kind is not ("Role" or "ClusterRole"))
            yield return FieldError.NotSupported("roleRef.kind", kind, "Role", "ClusterRole");
        if (name.Length == 0)
            yield return FieldError.Required("roleRef.name");
        if (before is not null && !Json.Same(before["roleRef"], content["roleRef"]))
            yield return FieldError.Invalid("roleRef", $"rbac.RoleRef{{APIGroup:\"{group}\", Kind:\"{kind}\", Name:\"{name}\"}}", "cannot change roleRef");
    }

    private static IEnumerable<FieldError> Lease(JsonObject content)
    {
        if (content.Number("spec", "leaseDurationSeconds") is <= 0)
            yield return FieldError.Invalid("spec.leaseDurationSeconds", content.At("spec", "leaseDurationSeconds"), "must be greater than 0");
    }
}
