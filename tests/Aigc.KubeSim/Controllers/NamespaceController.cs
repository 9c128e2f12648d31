using System.Text.Json.Nodes;
using Aigc.KubeSim.Objects;

namespace Aigc.KubeSim.Controllers;

/// <summary>A namespace begins with an account, and ends when all in it has ended.</summary>
internal sealed class NamespaceController(Cluster cluster) : IController
{
    public IEnumerable<ObjectKey> Concerns(Change change)
    {
        if (change.Key.Type == ResourceType.Namespace)
            return change.IsDeletion ? [] : [change.Key];
        var ends = change.IsDeletion && change.Key.Type.Namespaced;
        return ends ? [new(ResourceType.Namespace, "", change.Key.Namespace)] : [];
    }

    public TimeSpan? Reconcile(ObjectKey key)
    {
        if (cluster.Store.Find(key) is not { } space)
            return null;
        if (!space.IsDeleting)
        {
            var account = new ObjectKey(ResourceType.ServiceAccount, key.Name, "default");
            if (cluster.Store.Find(account) is null)
                cluster.Create(account, new() { ["apiVersion"] = "v1", ["kind"] = "ServiceAccount", ["metadata"] = new JsonObject { ["name"] = "default" } });
            var authorities = new ObjectKey(ResourceType.ConfigMap, key.Name, "kube-root-ca.crt");
            if (cluster.Store.Find(authorities) is null)
            {
                cluster.Create(authorities, new()
                {
                    ["apiVersion"] = "v1",
                    ["kind"] = "ConfigMap",
                    ["metadata"] = new JsonObject { ["name"] = authorities.Name },
                    ["data"] = new JsonObject { ["ca.crt"] = "" },
                });
            }

            return null;
        }

        var content = ResourceType.All.Where(type => type.Namespaced).SelectMany(type => cluster.Store.List(type, key.Name)).ToList();
        foreach (var one in content.Where(one => !one.IsDeleting))
            cluster.Delete(one.Key);
        if (!ResourceType.All.Any(type => type.Namespaced && cluster.Store.List(type, key.Name).Count > 0))
            cluster.Update(key, one => one["spec"]!.AsObject().Remove("finalizers"));
        return null;
    }
}
