using System.Text.Json.Nodes;
using Aigc.KubeSim.Api;
using Aigc.KubeSim.Objects;

namespace Aigc.KubeSim.Admission;

/// <summary>ResourceQuota: what a namespace may have at once.</summary>
internal static class QuotaAdmission
{
    public static void Check(ObjectStore store, ObjectKey key, JsonObject content)
    {
        var wanted = UseOf(key.Type, content);
        foreach (var quota in store.List(ResourceType.ResourceQuota, key.Namespace))
        {
            var hard = quota.Read().Map("spec", "hard");
            var used = Used(store, key.Namespace, hard.Keys);
            var over = wanted.Where(one => hard.TryGetValue(one.Key, out var limit) && used[one.Key] + one.Value > Quantity.Of(limit)).Select(one => one.Key).Order(StringComparer.Ordinal).ToList();
            if (over.Count == 0)
                continue;
            string Words(Func<string, string> amount) => string.Join(",", over.Select(name => $"{name}={amount(name)}"));
            throw ApiException.Forbidden(
                key.Type, key.Name,
                $"exceeded quota: {quota.Key.Name}, requested: {Words(name => Quantity.Write(name, wanted[name]))}, used: {Words(name => Quantity.Write(name, used[name]))}, limited: {Words(name => hard[name])}");
        }
    }

    public static Dictionary<string, decimal> Used(ObjectStore store, string @namespace, IEnumerable<string> names)
    {
        var used = names.ToDictionary(name => name, _ => 0m);
        foreach (var type in new[] { ResourceType.Pod, ResourceType.PersistentVolumeClaim })
        {
            foreach (var one in store.List(type, @namespace))
            {
                var content = one.Read();
                if (type == ResourceType.Pod && content.Text("status", "phase") is "Succeeded" or "Failed")
                    continue;
                foreach (var (name, amount) in UseOf(type, content).Where(use => used.ContainsKey(use.Key)))
                    used[name] += amount;
            }
        }

        return used;
    }

    private static Dictionary<string, decimal> UseOf(ResourceType type, JsonObject content)
    {
        var use = new Dictionary<string, decimal>(StringComparer.Ordinal);
        void Add(string name, decimal amount) => use[name] = use.GetValueOrDefault(name) + amount;
        if (type == ResourceType.PersistentVolumeClaim)
        {
            Add("persistentvolumeclaims", 1);
            Add("requests.storage", Quantity.Of(content.Text("spec", "resources", "requests", "storage")));
        }
        else if (type == ResourceType.Pod)
        {
            Add("pods", 1);
            foreach (var resources in content.Each("spec", "containers").Select(container => container["resources"]))
            {
                foreach (var (name, amount) in resources.Map("requests"))
                {
                    Add($"requests.{name}", Quantity.Of(amount));
                    if (!PodValidation.IsExtended(name))
                        Add(name, Quantity.Of(amount));
                }

                foreach (var (name, amount) in resources.Map("limits").Where(limit => !PodValidation.IsExtended(limit.Key)))
                    Add($"limits.{name}", Quantity.Of(amount));
            }
        }

        return use;
    }
}
