using System.Text.Json.Nodes;
using Aigc.KubeSim.Objects;

namespace Aigc.KubeSim.Writing;

/// <summary>What has to be done before a deleted object goes.</summary>
internal static class Finalizers
{
    public const string Foreground = "foregroundDeletion";
    public const string Orphan = "orphan";
    public const string ClaimInUse = "kubernetes.io/pvc-protection";

    public static bool AreDone(ResourceType type, JsonObject content) =>
        !content.Texts("metadata", "finalizers").Any()
        && (type != ResourceType.Namespace || !content.Texts("spec", "finalizers").Any())
        && content.Number("metadata", "deletionGracePeriodSeconds") is null or 0;

    public static void Add(JsonObject content, string finalizer)
    {
        if (!content.Texts("metadata", "finalizers").Contains(finalizer))
            content.Child("metadata").List("finalizers").Add(finalizer);
    }

    public static void Remove(JsonObject content, string finalizer)
    {
        if (content.At("metadata", "finalizers") is not JsonArray finalizers)
            return;
        finalizers.RemoveAll(one => one.Text() == finalizer);
        if (finalizers.Count == 0)
            content["metadata"]!.AsObject().Remove("finalizers");
    }
}
