using System.Text.Json.Nodes;
using Aigc.KubeSim.Objects;

namespace Aigc.KubeSim.Admission;

internal static class PodDefaults
{
    private const int ReadableByAll = 420;

    /// <param name="isTemplate">Of a workload: some is filled in only for the pods that are made from it.</param>
    public static void Fill(JsonObject spec, bool isTemplate)
    {
        spec.Default("restartPolicy", "Always");
        spec.Default("dnsPolicy", "ClusterFirst");
        spec.Default("schedulerName", "default-scheduler");
        spec.Default("terminationGracePeriodSeconds", 30);
        spec.Child("securityContext");
        // The old name is always told beside the new one.
        if (spec["serviceAccountName"] is { } account)
            spec["serviceAccount"] = account.DeepClone();
        foreach (var container in spec.Each("containers").Concat(spec.Each("initContainers")))
            Container(container, isTemplate);
        foreach (var volume in spec.Each("volumes"))
            Volume(volume);
    }

    private static void Container(JsonObject container, bool isTemplate)
    {
        container.Default("terminationMessagePath", "/dev/termination-log");
        container.Default("terminationMessagePolicy", "File");
        container.Default("imagePullPolicy", IsLatest(container.Text("image") ?? "") ? "Always" : "IfNotPresent");
        var resources = container.Child("resources");
        if (!isTemplate)
        {
            foreach (var (name, amount) in resources.Map("limits"))
                resources.Child("requests").Default(name, amount);
        }

        foreach (var port in container.Each("ports"))
            port.Default("protocol", "TCP");
        foreach (var field in container.Each("env").Select(variable => variable.At("valueFrom", "fieldRef")).OfType<JsonObject>())
            field.Default("apiVersion", "v1");
        foreach (var probe in new[] { "readinessProbe", "livenessProbe", "startupProbe" }.Select(name => container[name]).OfType<JsonObject>())
            Probe(probe);
    }

    private static void Probe(JsonObject probe)
    {
        probe.Default("timeoutSeconds", 1);
        probe.Default("periodSeconds", 10);
        probe.Default("successThreshold", 1);
        probe.Default("failureThreshold", 3);
        if (probe["httpGet"] is JsonObject get)
        {
            get.Default("path", "/");
            get.Default("scheme", "HTTP");
        }
    }

    private static void Volume(JsonObject volume)
    {
        if (volume.All(entry => entry.Key == "name"))
            volume["emptyDir"] = new JsonObject();
        foreach (var source in new[] { "secret", "configMap", "projected", "downwardAPI" }.Select(name => volume[name]).OfType<JsonObject>())
            source.Default("defaultMode", ReadableByAll);
        (volume["hostPath"] as JsonObject)?.Default("type", "");
    }

    private static bool IsLatest(string image)
    {
        var name = image[(image.LastIndexOf('/') + 1)..];
        return !name.Contains('@', StringComparison.Ordinal) && (!name.Contains(':', StringComparison.Ordinal) || name.EndsWith(":latest", StringComparison.Ordinal));
    }
}
