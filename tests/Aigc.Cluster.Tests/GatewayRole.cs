using System.Text.Json;
using System.Text.Json.Nodes;
using Aigc.AppHost.Deployment;
using Aigc.Worker.Kubernetes;
using Aigc.Worker.Kubernetes.Client;

namespace Aigc.Cluster.Tests;

/// <summary>An account with exactly the rights that the published worker has, or fewer.</summary>
internal static class GatewayRole
{
    /// <param name="without">A verb and a resource that are left out, such as <c>create deployments</c>.</param>
    /// <returns>A kubeconfig for the account.</returns>
    public static async Task<string> KubeconfigAsync(TestCluster cluster, string folder, string name, string? without = null)
    {
        var core = $"api/v1/namespaces/{cluster.Namespace}/serviceaccounts";
        var rbac = $"apis/rbac.authorization.k8s.io/v1/namespaces/{cluster.Namespace}";
        await cluster.SendAsync(HttpMethod.Post, core, Named(name));
        var role = Named(name);
        role["rules"] = new JsonArray([.. JsonSerializer.SerializeToNode(WorkerRights.Rules)!.AsArray().SelectMany(rule => Each(rule!.AsObject(), without))]);
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

    /// <summary>A rule for each resource, because what is left out may be a verb for one of several.</summary>
    private static IEnumerable<JsonNode> Each(JsonObject rule, string? without) => rule["resources"]!.AsArray().Select(resource => new JsonObject
    {
        ["apiGroups"] = rule["apiGroups"]!.DeepClone(),
        ["resources"] = new JsonArray(resource!.GetValue<string>()),
        ["verbs"] = new JsonArray([.. rule["verbs"]!.AsArray().Where(verb => $"{verb} {resource}" != without).Select(verb => verb!.DeepClone())]),
    });

    private static JsonObject Named(string name) => new() { ["metadata"] = new JsonObject { ["name"] = name } };
}
