namespace Aigc.Engines.Templates.Importing;

/// <summary>Makes a pod template one for engines: what the gateway does itself, and what belongs to one cluster's history, goes.</summary>
internal static class PodImport
{
    public const string KruiseAnnotation = "only OpenKruise reads it.";

    private static readonly string[] ClusterMade =
    [
        "pod-template-hash", "controller-revision-hash", "statefulset.kubernetes.io/pod-name", "apps.kubernetes.io/pod-index",
        "kubectl.kubernetes.io/restartedAt", "kubectl.kubernetes.io/last-applied-configuration",
    ];

    public static bool IsKruise(string name) => name.Contains("kruise.io/", StringComparison.Ordinal);

    public static void Clean(ImportJob job)
    {
        Metadata(job);
        var (body, notes) = (job.Workload.Body, job.Notes);
        if (body.Take("nodeName") is { } node)
            notes.LeftOut(node, job.PodField("spec.nodeName"), "it goes past the scheduler. Write nodeSelector: { kubernetes.io/hostname: … } to stay on one machine.");
        if (body.Take("restartPolicy") is YamlText { Value: not "Always" } policy)
            notes.LeftOut(policy, job.PodField("spec.restartPolicy"), $"{policy.Value}: an engine that ends is started again.");
        // Its older name, which the API server sets to the same.
        if (body.At("serviceAccountName") is not null)
            body.Take("serviceAccount");
        var labels = job.Workload.Pod.At("metadata").At("labels");
        foreach (var kind in (string[])["podAffinity", "podAntiAffinity"])
        {
            if (body.At("affinity").At(kind) is { } affinity && Selects(affinity, labels))
                notes.Check(affinity, job.PodField($"spec.affinity.{kind}"), "All engines of the template have these labels, so it holds between engines of different people.");
        }

        if (job.Workload.Engine.At("livenessProbe") is { } liveness)
            notes.Check(liveness, job.PodField("spec.containers[0].livenessProbe"), "When it fails, the cluster restarts the engine in the middle of its work; a program that computes may answer late. Remove it unless it is needed.");
        References.Tell(job);
    }

    private static void Metadata(ImportJob job)
    {
        if (job.Workload.Pod.Map("metadata") is not { } metadata)
            return;
        foreach (var name in metadata.Entries.Keys.Except(["labels", "annotations"]).ToList())
            metadata.Take(name);
        foreach (var list in (string[])["labels", "annotations"])
        {
            if (metadata.Map(list) is not { } all)
                continue;
            foreach (var (name, value) in all.Fields())
            {
                if (WhyNot(name) is not { } why)
                    continue;
                all.Take(name);
                if (why.Length > 0)
                    job.Notes.LeftOut(value, job.PodField($"metadata.{list}.{name}"), why);
            }

            if (all.Entries.Count == 0)
                metadata.Take(list);
        }

        if (metadata.Entries.Count == 0)
            job.Workload.Pod.Take("metadata");
    }

    /// <summary>Null for what stays; empty for what nobody has to be told.</summary>
    private static string? WhyNot(string name) =>
        ClusterMade.Contains(name) ? ""
        : IsKruise(name) ? KruiseAnnotation
        // An address of its own, which leads past the gateway.
        : name.StartsWith("k8s.aliyun.com/", StringComparison.Ordinal) && name.Contains("eip", StringComparison.Ordinal) ? "a public address leads past the gateway and its sign-in; engines need none."
        : null;

    private static bool Selects(YamlNode node, YamlNode? labels) => node switch
    {
        YamlList list => list.Items.Any(item => Selects(item, labels)),
        YamlMap map => map.At("matchLabels") is { } wanted && wanted.Fields().All(label => labels.Text(label.Name) == (label.Value as YamlText)?.Value)
            || map.Entries.Values.Any(entry => Selects(entry.Value, labels)),
        _ => false,
    };
}
