using System.Text.Json.Nodes;
using Aigc.KubeSim.Api;
using Aigc.KubeSim.Objects;

namespace Aigc.KubeSim.Writing;

/// <summary>Deletes as asked: at once, after a grace, after finalizers, with or without what belongs to it.</summary>
internal sealed class Deleter(ObjectStore store, TimeProvider time)
{
    /// <returns>The object; null when it is gone and nothing is left to say of it.</returns>
    public (StoredObject? Left, string Uid) Delete(ObjectKey key, JsonObject options, bool isDryRun = false)
    {
        lock (store.Gate)
        {
            var stored = store.Find(key) ?? throw ApiException.NotFound(key);
            var content = stored.Read();
            Check(key, content, options["preconditions"]);
            var before = content.Clone();
            switch (options.Text("propagationPolicy"))
            {
                case "Foreground":
                    Finalizers.Add(content, Finalizers.Foreground);
                    break;
                case "Orphan":
                    Finalizers.Add(content, Finalizers.Orphan);
                    break;
                case null or "Background":
                    break;
                case var other:
                    throw ApiException.Invalid(key.Type, key.Name, [FieldError.NotSupported("propagationPolicy", other, "Foreground", "Background", "Orphan", "nil")]);
            }

            var grace = Grace(key.Type, content, options);
            var now = time.GetUtcNow();
            var metadata = content["metadata"]!.AsObject();
            // A second request can only hurry.
            if (!stored.IsDeleting || grace < metadata.Number("deletionGracePeriodSeconds"))
            {
                var asked = stored.IsDeleting
                    ? DateTimeOffset.Parse(metadata.Text("deletionTimestamp")!, System.Globalization.CultureInfo.InvariantCulture).AddSeconds(-(metadata.Number("deletionGracePeriodSeconds") ?? 0))
                    : now;
                metadata["deletionTimestamp"] = Json.Time(asked.AddSeconds(grace));
                metadata["deletionGracePeriodSeconds"] = grace;
                if (key.Type.HasGeneration && !stored.IsDeleting)
                    metadata["generation"] = (metadata.Number("generation") ?? 0) + 1;
            }

            if (key.Type == ResourceType.Namespace)
                content.Child("status")["phase"] = "Terminating";
            if (isDryRun)
                return (new(key, stored.Version, content), stored.Uid);
            if (Finalizers.AreDone(key.Type, content))
            {
                // A pod is answered with as it was last.
                var last = store.Remove(key, key.Type == ResourceType.Pod ? content : before);
                return (key.Type == ResourceType.Pod ? last : null, stored.Uid);
            }

            return (Json.Same(before, content) ? stored : store.Put(key, content), stored.Uid);
        }
    }

    private static long Grace(ResourceType type, JsonObject content, JsonObject options)
    {
        if (type != ResourceType.Pod)
            return 0;
        // Nobody has to be asked to stop what nobody runs.
        if (content.Text("spec", "nodeName") is null or "" || content.Text("status", "phase") is "Succeeded" or "Failed")
            return 0;
        return options.Number("gracePeriodSeconds") ?? content.Number("metadata", "deletionGracePeriodSeconds") ?? content.Number("spec", "terminationGracePeriodSeconds") ?? 30;
    }

    private static void Check(ObjectKey key, JsonObject content, JsonNode? preconditions)
    {
        if (preconditions.Text("uid") is { } uid && uid != content.Text("metadata", "uid"))
        {
            throw ApiException.DeleteConflict(
                key, $"the UID in the precondition ({uid}) does not match the UID in record ({content.Text("metadata", "uid")}). The object might have been deleted and then recreated");
        }

        if (preconditions.Text("resourceVersion") is { } version && version != content.Text("metadata", "resourceVersion"))
        {
            throw ApiException.DeleteConflict(
                key, $"the ResourceVersion in the precondition ({version}) does not match the ResourceVersion in record ({content.Text("metadata", "resourceVersion")}). The object might have been modified");
        }
    }
}
