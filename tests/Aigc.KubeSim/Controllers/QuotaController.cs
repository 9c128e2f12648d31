using System.Text.Json.Nodes;
using Aigc.KubeSim.Admission;
using Aigc.KubeSim.Objects;

namespace Aigc.KubeSim.Controllers;

/// <summary>Says in each quota how much of it is used.</summary>
internal sealed class QuotaController(Cluster cluster) : IController
{
    public IEnumerable<ObjectKey> Concerns(Change change) =>
        change.Key.Type == ResourceType.ResourceQuota || change.Key.Type == ResourceType.Pod || change.Key.Type == ResourceType.PersistentVolumeClaim
            ? cluster.Store.List(ResourceType.ResourceQuota, change.Key.Namespace).Select(quota => quota.Key)
            : [];

    public TimeSpan? Reconcile(ObjectKey key)
    {
        if (cluster.Read(key) is not { } quota)
            return null;
        var used = QuotaAdmission.Used(cluster.Store, key.Namespace, quota.Map("spec", "hard").Keys);
        cluster.UpdateStatus(key, status =>
        {
            status["hard"] = quota.At("spec", "hard")?.DeepClone();
            status["used"] = new JsonObject(used.Select(one => KeyValuePair.Create(one.Key, (JsonNode?)Quantity.Write(one.Key, one.Value))));
        });
        return null;
    }
}
