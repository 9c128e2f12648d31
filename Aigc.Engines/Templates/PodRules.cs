using System.Text.Json;

namespace Aigc.Engines.Templates;

/// <summary>What a pod of a template may not say: what an engine could leave its container with, and what would break a promise of ours.</summary>
public static class PodRules
{
    /// <summary>The container of ours that shows an engine's disk.</summary>
    public const string DiskContainer = "aigc-disk";

    private static readonly string[] ContainerLists = ["containers", "initContainers"];
    private static readonly string[] HostNamespaces = ["hostNetwork", "hostPID", "hostIPC"];
    private static readonly string Host = $"gives the engine the machine; an administrator can allow it with {PodAllowance.HostAccessKey}=true.";
    private static readonly string Account = $"gives the engine an account of the cluster; an administrator can allow it with {PodAllowance.ServiceAccountsKey}=true.";

    /// <summary>Everything that is refused.</summary>
    /// <returns>Where, such as <c>spec.containers[0].securityContext.privileged</c>, and why.</returns>
    public static IEnumerable<(string Path, string Message)> Violations(JsonElement pod, PodAllowance allowance)
    {
        if (Get(pod, "spec") is not { ValueKind: JsonValueKind.Object } spec)
            return [("spec", "is missing; it holds the pod's containers.")];
        return [
            .. Shape(spec),
            .. allowance.HostAccess ? [] : HostAccess(spec),
            .. allowance.ServiceAccounts ? [] : Accounts(spec),
        ];
    }

    private static IEnumerable<(string, string)> Shape(JsonElement spec)
    {
        if (!Items(spec, "containers").Any())
            yield return ("spec.containers", "is missing; the first container is the engine, such as { name: engine, image: my/engine }.");
        foreach (var (container, at) in Containers(spec))
        {
            foreach (var field in (string[])["name", "image"])
            {
                if (Get(container, field) is not { ValueKind: JsonValueKind.String })
                    yield return ($"{at}.{field}", "is missing; a container has a name and an image.");
            }

            if (Get(container, "name")?.ToString() == DiskContainer)
                yield return ($"{at}.name", $"'{DiskContainer}' is the gateway's own container; choose another name.");
        }

        // Without the scheduler nothing keeps a second pod from the disk of the first.
        if (Get(spec, "nodeName") is not null)
            yield return ("spec.nodeName", "goes past the scheduler; use nodeSelector or affinity.");
        if (Get(spec, "restartPolicy") is { } policy && policy.ToString() != "Always")
            yield return ("spec.restartPolicy", "is always Always; remove it.");
        foreach (var (volume, at) in Items(spec, "volumes"))
        {
            if (Get(volume, "name") is { } name && name.ToString() == "data")
                yield return ($"spec.volumes{at}.name", "'data' is the engine's own disk, which kubernetes.volume describes; choose another name.");
        }
    }

    private static IEnumerable<(string, string)> HostAccess(JsonElement spec)
    {
        foreach (var field in HostNamespaces)
        {
            if (IsTrue(spec, field))
                yield return ($"spec.{field}", Host);
        }

        foreach (var (volume, at) in Items(spec, "volumes"))
        {
            if (Get(volume, "hostPath") is not null)
                yield return ($"spec.volumes{at}.hostPath", Host);
        }

        foreach (var (container, at) in Containers(spec))
        {
            if (Get(container, "securityContext") is { } security)
            {
                if (IsTrue(security, "privileged"))
                    yield return ($"{at}.securityContext.privileged", Host);
                if (Get(security, "capabilities") is { } capabilities && Items(capabilities, "add").Any())
                    yield return ($"{at}.securityContext.capabilities.add", Host);
            }

            foreach (var (port, index) in Items(container, "ports"))
            {
                if (Get(port, "hostPort") is not null)
                    yield return ($"{at}.ports{index}.hostPort", Host);
            }
        }
    }

    private static IEnumerable<(string, string)> Accounts(JsonElement spec)
    {
        if (IsTrue(spec, "automountServiceAccountToken"))
            yield return ("spec.automountServiceAccountToken", Account);
        foreach (var field in (string[])["serviceAccountName", "serviceAccount"])
        {
            if (Get(spec, field) is { } name && name.ToString() is not ("" or "default"))
                yield return ($"spec.{field}", Account);
        }

        foreach (var (volume, at) in Items(spec, "volumes"))
        {
            if (Get(volume, "projected") is not { } projected)
                continue;
            foreach (var (source, index) in Items(projected, "sources"))
            {
                if (Get(source, "serviceAccountToken") is not null)
                    yield return ($"spec.volumes{at}.projected.sources{index}.serviceAccountToken", Account);
            }
        }
    }

    private static IEnumerable<(JsonElement Container, string Path)> Containers(JsonElement spec) =>
        ContainerLists.SelectMany(list => Items(spec, list).Select(item => (item.Item, $"spec.{list}{item.Index}")));

    private static IEnumerable<(JsonElement Item, string Index)> Items(JsonElement node, string name) =>
        Get(node, name) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray().Select((item, index) => (item, $"[{index}]")) : [];

    /// <summary>Anything but false: what the API server makes of "true" or 1 is its affair.</summary>
    private static bool IsTrue(JsonElement node, string name) => Get(node, name) is { ValueKind: not JsonValueKind.False };

    /// <summary>Null also for what is there and null.</summary>
    private static JsonElement? Get(JsonElement node, string name) =>
        node.ValueKind == JsonValueKind.Object && node.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
}
