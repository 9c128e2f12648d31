using System.Text.Json.Nodes;
using Aigc.KubeSim.Api;
using Aigc.KubeSim.Objects;
using Aigc.KubeSim.Writing;

namespace Aigc.KubeSim.Admission;

internal static class PodValidation
{
    private const string WhatMayChange =
        "pod updates may not change fields other than `spec.containers[*].image`, `spec.initContainers[*].image`, `spec.activeDeadlineSeconds` or `spec.tolerations` (only additions to existing tolerations)";

    public static IEnumerable<FieldError> Pod(JsonObject content, JsonObject? before)
    {
        if (before is null)
            return Spec("spec", content["spec"]!.AsObject());
        return Json.Same(Fixed(before), Fixed(content)) ? [] : [FieldError.Forbidden("spec", WhatMayChange)];
    }

    public static IEnumerable<FieldError> Spec(string path, JsonObject spec)
    {
        var volumes = spec.Each("volumes").Select(volume => volume.Text("name") ?? "").ToList();
        foreach (var error in Volumes($"{path}.volumes", spec))
            yield return error;
        var containers = spec.Each("containers").ToList();
        if (containers.Count == 0)
            yield return FieldError.Required($"{path}.containers");
        foreach (var error in Containers($"{path}.containers", containers, volumes).Concat(Containers($"{path}.initContainers", [.. spec.Each("initContainers")], volumes)))
            yield return error;
        if (spec.Text("restartPolicy") is { } policy and not ("Always" or "OnFailure" or "Never"))
            yield return FieldError.NotSupported($"{path}.restartPolicy", policy, "Always", "OnFailure", "Never");
    }

    private static IEnumerable<FieldError> Volumes(string path, JsonObject spec)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (volume, index) in spec.Each("volumes").Select((volume, index) => (volume, index)))
        {
            var name = volume.Text("name") ?? "";
            if (name.Length == 0)
                yield return FieldError.Required($"{path}[{index}].name");
            else if (Names.Label($"{path}[{index}].name", name).FirstOrDefault() is { } error)
                yield return error;
            else if (!seen.Add(name))
                yield return FieldError.Duplicate($"{path}[{index}].name", $"\"{name}\"");
            if (volume.At("persistentVolumeClaim") is JsonObject claim && claim.Text("claimName") is null or "")
                yield return FieldError.Required($"{path}[{index}].persistentVolumeClaim.claimName");
            if (volume.Count > 2)
                yield return FieldError.Forbidden($"{path}[{index}].{volume.ElementAt(2).Key}", "may not specify more than 1 volume type");
        }
    }

    private static IEnumerable<FieldError> Containers(string path, List<JsonObject> containers, List<string> volumes)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var index = 0; index < containers.Count; index++)
        {
            var (at, container) = ($"{path}[{index}]", containers[index]);
            var name = container.Text("name") ?? "";
            if (name.Length == 0)
                yield return FieldError.Required($"{at}.name");
            else if (Names.Label($"{at}.name", name).FirstOrDefault() is { } error)
                yield return error;
            else if (!seen.Add(name))
                yield return FieldError.Duplicate($"{at}.name", $"\"{name}\"");
            if (container.Text("image") is null or "")
                yield return FieldError.Required($"{at}.image");
            foreach (var error in Ports($"{at}.ports", container).Concat(Mounts($"{at}.volumeMounts", container, volumes)).Concat(Resources($"{at}.resources", container["resources"])).Concat(Probes(at, container)))
                yield return error;
        }
    }

    private static IEnumerable<FieldError> Ports(string path, JsonObject container)
    {
        foreach (var (port, index) in container.Each("ports").Select((port, index) => (port, index)))
        {
            if (port.Number("containerPort") is null or 0)
                yield return FieldError.Required($"{path}[{index}].containerPort");
            else if (port.Number("containerPort") is not (> 0 and < 65536))
                yield return FieldError.Invalid($"{path}[{index}].containerPort", port["containerPort"], "must be between 1 and 65535, inclusive");
        }
    }

    private static IEnumerable<FieldError> Probes(string path, JsonObject container)
    {
        foreach (var name in new[] { "livenessProbe", "readinessProbe", "startupProbe" })
        {
            if (container[name] is not JsonObject probe)
                continue;
            foreach (var kind in new[] { "httpGet", "tcpSocket" }.Where(kind => probe[kind] is not null))
            {
                // A name is found among the container's ports later, or not.
                var port = probe.At(kind, "port");
                if (port?.GetValueKind() != System.Text.Json.JsonValueKind.String && port.Number() is not (> 0 and < 65536))
                    yield return FieldError.Invalid($"{path}.{name}.{kind}.port", port ?? 0, "must be between 1 and 65535, inclusive");
            }

            if (!new[] { "httpGet", "tcpSocket", "exec" }.Any(kind => probe[kind] is not null))
                yield return FieldError.Required($"{path}.{name}", "must specify a handler type");
        }
    }

    private static IEnumerable<FieldError> Mounts(string path, JsonObject container, List<string> volumes)
    {
        var paths = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (mount, index) in container.Each("volumeMounts").Select((mount, index) => (mount, index)))
        {
            if (mount.Text("name") is not { Length: > 0 } name)
                yield return FieldError.Required($"{path}[{index}].name");
            else if (!volumes.Contains(name))
                yield return FieldError.NotFound($"{path}[{index}].name", $"\"{name}\"");
            if (mount.Text("mountPath") is not { Length: > 0 } to)
                yield return FieldError.Required($"{path}[{index}].mountPath");
            else if (!paths.Add(to))
                yield return FieldError.Invalid($"{path}[{index}].mountPath", $"\"{to}\"", "must be unique");
        }
    }

    private static IEnumerable<FieldError> Resources(string path, JsonNode? resources)
    {
        var (limits, requests) = (resources.Map("limits"), resources.Map("requests"));
        foreach (var (name, amount) in limits)
        {
            if (IsExtended(name) && requests.TryGetValue(name, out var asked) && Quantity.Of(asked) != Quantity.Of(amount))
                yield return FieldError.Invalid($"{path}.requests", $"\"{asked}\"", $"must be equal to {name} limit");
            else if (requests.TryGetValue(name, out asked) && Quantity.Of(asked) > Quantity.Of(amount))
                yield return FieldError.Invalid($"{path}.requests", $"\"{asked}\"", $"must be less than or equal to {name} limit");
            if (IsExtended(name) && Quantity.Of(amount) % 1 != 0)
                yield return FieldError.Invalid($"{path}.limits[{name}]", $"\"{amount}\"", "must be an integer");
        }

        foreach (var name in requests.Keys.Where(name => IsExtended(name) && !limits.ContainsKey(name)))
            yield return FieldError.Required($"{path}.limits", "Limit must be set for non overcommitable resources");
    }

    /// <summary>Devices and the like: they can't be promised twice.</summary>
    public static bool IsExtended(string resource) =>
        resource.Contains('/', StringComparison.Ordinal) && !resource.Contains("kubernetes.io/", StringComparison.Ordinal);

    private static JsonObject Fixed(JsonObject pod)
    {
        var spec = pod["spec"]!.AsObject().Clone();
        spec.Remove("tolerations");
        spec.Remove("activeDeadlineSeconds");
        foreach (var container in spec.Each("containers").Concat(spec.Each("initContainers")))
            container.Remove("image");
        return spec;
    }
}
