namespace Aigc.Engines.Templates.Importing;

/// <summary>Tells what of a workload itself has no place in a template.</summary>
internal static class WorkloadFields
{
    private static readonly string[] Understood =
    [
        "template", "gameServerTemplate", "volumeClaimTemplates", "selector", "minReadySeconds", "progressDeadlineSeconds", "revisionHistoryLimit", "paused",
    ];

    private static readonly Dictionary<string, string> Told = new(StringComparer.Ordinal)
    {
        ["strategy"] = "an engine gets a new version as a whole, when it starts the next time.",
        ["updateStrategy"] = "an engine gets a new version as a whole, when it starts the next time.",
        ["scaleStrategy"] = "nobody counts replicas: engines wake on a visit, sleep when idle, and keep their disks.",
        ["reserveGameServerIds"] = "nobody counts replicas: engines wake on a visit, sleep when idle, and keep their disks.",
        ["serviceName"] = "an engine has no number and no name in the cluster's DNS; its address is the gateway's.",
        ["podManagementPolicy"] = "an engine has no number and no name in the cluster's DNS; its address is the gateway's.",
        ["ordinals"] = "an engine has no number and no name in the cluster's DNS; its address is the gateway's.",
        ["persistentVolumeClaimRetentionPolicy"] = "a disk stays while its engine sleeps, and goes when its owner deletes it.",
        ["reclaimPolicy"] = "a disk stays while its engine sleeps, and goes when its owner deletes it.",
        ["serviceQualities"] = "what they ask inside of the pod the gateway asks over HTTP: write busy: { kind: json, path, pointer } for what tells that the engine works.",
    };

    public static void Tell(ImportJob job)
    {
        var workload = job.Workload;
        foreach (var (name, value) in workload.Spec.Fields())
        {
            if (name == "replicas")
                Replicas(job, value);
            else if (name == "network")
                Network(job, value);
            else if (!Understood.Contains(name) && !(name == "strategy" && value.Text("type") == "Recreate"))
                job.Notes.LeftOut(value, $"spec.{name}", Told.GetValueOrDefault(name, "a template has nothing like it."));
        }

        foreach (var (name, value) in workload.Pod.Fields().Where(field => field.Name is not ("metadata" or "spec" or "volumeClaimTemplates")))
            job.Notes.LeftOut(value, job.PodField(name), Told.GetValueOrDefault(name, "a template has nothing like it."));
        foreach (var (name, value) in workload.Manifest.Content.At("metadata").At("annotations").Fields().Where(annotation => PodImport.IsKruise(annotation.Name)))
            job.Notes.LeftOut(value, $"metadata.annotations.{name}", PodImport.KruiseAnnotation);
    }

    private static void Replicas(ImportJob job, YamlNode value)
    {
        if (value is YamlText { Value: not ("0" or "1") } count)
            job.Notes.LeftOut(value, "spec.replicas", $"{count.Value}: each person takes an engine of their own, one pod for one disk. Reconciling:Capacity says how many are awake at once.");
    }

    private static void Network(ImportJob job, YamlNode value)
    {
        var type = value.Text("networkType") ?? "its network";
        job.Notes.LeftOut(value, "spec.network", $"{type}: the gateway gives each engine an address of its own behind its sign-in, and nothing else reaches its pod.");
        foreach (var conf in value.Maps("networkConf").Where(conf => conf.Text("value")?.Contains("auth-", StringComparison.Ordinal) == true))
            job.Notes.LeftOut(conf, "spec.network.networkConf", $"'{conf.Text("value")!.Split(':')[0]}': the gateway checks who visits; nothing has to ask it.");
    }
}
