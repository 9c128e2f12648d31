namespace Aigc.Engines.Templates.Importing;

/// <summary>Tells what becomes of the objects around a workload.</summary>
internal static class OtherObjects
{
    private static readonly Dictionary<string, string> Told = new(StringComparer.Ordinal)
    {
        ["Ingress"] = Address,
        ["HTTPRoute"] = Address,
        ["VirtualService"] = Address,
        ["Gateway"] = Address,
        ["Route"] = Address,
        ["HorizontalPodAutoscaler"] = Scaling,
        ["ScaledObject"] = Scaling,
        ["VerticalPodAutoscaler"] = Scaling,
        ["PodDisruptionBudget"] = "an engine is one pod, which may go at any time: it goes back to the queue by itself.",
        ["NetworkPolicy"] = "each engine gets one of its own, which admits the gateway alone.",
        ["Namespace"] = "engines live in Kubernetes:Namespace.",
        ["PersistentVolume"] = "disks of engines are made by their storage class.",
        ["ConfigMap"] = OfItsOwn,
        ["Secret"] = OfItsOwn,
        ["ServiceAccount"] = OfItsOwn,
        ["Role"] = OfItsOwn,
        ["RoleBinding"] = OfItsOwn,
        ["StorageClass"] = "it is no part of a template; apply it as it is.",
    };

    private const string Address = "the gateway gives each engine an address of its own behind its sign-in, with uploads of any size and WebSockets without a time limit.";
    private const string Scaling = "each person takes an engine of their own; it sleeps after idleTimeout and wakes on a visit.";
    private const string OfItsOwn = "it is no part of a template; where the pod needs it, apply it to the namespace of engines.";

    public static void Tell(ImportJob job)
    {
        foreach (var other in job.Others)
        {
            if (Why(job, other) is { } why)
                job.Notes.LeftOut(other.Content, other.ToString(), why);
        }
    }

    private static string? Why(ImportJob job, Manifest other) => other.Kind switch
    {
        "Service" when other.Content.At("spec").Text("type") is "LoadBalancer" or "NodePort" => $"{other.Content.At("spec").Text("type")}: {Address}",
        // It said where the engine listens; each engine gets one of its own.
        "Service" when job.Selects(other) => null,
        "Service" => "it does not lead to these pods.",
        "PersistentVolumeClaim" when job.Workload.Body.Maps("volumes").Any(volume => volume.At("persistentVolumeClaim").Text("claimName") == other.Name) => OfItsOwn,
        "PersistentVolumeClaim" => "each engine gets a disk of its own.",
        "Deployment" or "StatefulSet" or "GameServerSet" => $"one template, one workload: import it with --workload {other.Kind}/{other.Name}.",
        _ => Told.GetValueOrDefault(other.Kind, "a template has nothing like it."),
    };
}
