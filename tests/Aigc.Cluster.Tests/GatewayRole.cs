using System.Text.Json.Nodes;
using Aigc.Worker.Kubernetes;
using Aigc.Worker.Kubernetes.Client;

namespace Aigc.Cluster.Tests;

/// <summary>An account with exactly the rights that docs/kubernetes.md gives the worker, or fewer.</summary>
internal static class GatewayRole
{
    private static readonly (string Group, string[] Resources, string[] Verbs)[] Rules =
    [
        ("apps", ["deployments"], ["get", "list", "watch", "create", "patch", "delete"]),
        ("", ["services", "persistentvolumeclaims"], ["get", "list", "watch", "create", "patch", "delete"]),
        ("networking.k8s.io", ["networkpolicies"], ["get", "list", "watch", "create", "patch", "delete"]),
        ("", ["pods"], ["get", "list", "watch", "delete"]),
        ("", ["pods/log"], ["get"]),
        ("", ["events"], ["list"]),
        ("coordination.k8s.io", ["leases"], ["get", "create", "patch"]),
    ];

    /// <param name="without">A verb and a resource that are left out, such as <c>create deployments</c>.</param>
    /// <returns>A kubeconfig for the account.</returns>
    public static async Task<string> KubeconfigAsync(TestCluster cluster, string folder, string name, string? without = null)
    {
        var core = $"api/v1/namespaces/{cluster.Namespace}/serviceaccounts";
        var rbac = $"apis/rbac.authorization.k8s.io/v1/namespaces/{cluster.Namespace}";
        await cluster.SendAsync(HttpMethod.Post, core, Named(name));
        var role = Named(name);
        role["rules"] = new JsonArray([.. Rules.SelectMany(rule => rule.Resources.Select(resource => (JsonNode)new JsonObject
        {
            ["apiGroups"] = new JsonArray(rule.Group),
            ["resources"] = new JsonArray(resource),
            ["verbs"] = new JsonArray([.. rule.Verbs.Where(verb => $"{verb} {resource}" != without).Select(verb => (JsonNode)verb)]),
        }))]);
        await cluster.SendAsync(HttpMethod.Post, $"{rbac}/roles", role);
        var binding = Named(name);
        binding["roleRef"] = new JsonObject { ["apiGroup"] = "rbac.authorization.k8s.io", ["kind"] = "Role", ["name"] = name };
        binding["subjects"] = new JsonArray(new JsonObject { ["kind"] = "ServiceAccount", ["name"] = name, ["namespace"] = cluster.Namespace });
        await cluster.SendAsync(HttpMethod.Post, $"{rbac}/rolebindings", binding);
        var token = await cluster.SendAsync(HttpMethod.Post, $"{core}/{name}/token", new()
        {
            ["apiVersion"] = "authentication.k8s.io/v1",
            ["kind"] = "TokenRequest",
            ["spec"] = new JsonObject { ["expirationSeconds"] = 3600 },
        });
        var file = Path.Combine(folder, $"{name}.kubeconfig");
        await File.WriteAllTextAsync(file, cluster.KubeconfigWith(token.At("status").Text("token")!));
        return file;
    }

    private static JsonObject Named(string name) => new() { ["metadata"] = new JsonObject { ["name"] = name } };
}
