namespace Aigc.Engines.Templates.Importing;

/// <summary>Tells which other objects a pod needs in the namespace where engines live.</summary>
internal static class References
{
    public static void Tell(ImportJob job)
    {
        foreach (var (kind, name, at) in Of(job.Workload).DistinctBy(reference => (reference.Kind, reference.Name)))
        {
            var here = job.Find(kind, name) is { } found ? $" (line {found.Content.Line} of this file)" : "";
            job.Notes.Check(at, job.Workload.PodPath, $"{kind} '{name}'{here} is no part of a template: apply it to the namespace of engines.");
        }
    }

    private static IEnumerable<(string Kind, string Name, YamlNode At)> Of(Workload workload) =>
        All(workload).Where(one => one.Name is not null && one.At is not null).Select(one => (one.Kind, one.Name!, one.At!));

    private static IEnumerable<(string Kind, string? Name, YamlNode? At)> All(Workload workload)
    {
        foreach (var container in workload.AllContainers)
        {
            foreach (var from in container.Maps("envFrom").Concat(container.Maps("env").Select(variable => variable.Map("valueFrom")).OfType<YamlMap>()))
            {
                foreach (var field in (string[])["configMapRef", "configMapKeyRef", "secretRef", "secretKeyRef"])
                    yield return (field[0] == 'c' ? "ConfigMap" : "Secret", from.At(field).Text("name"), from.At(field));
            }
        }

        foreach (var volume in workload.Body.Maps("volumes").SelectMany(volume => volume.At("projected").Maps("sources").Prepend(volume)))
        {
            yield return ("ConfigMap", volume.At("configMap").Text("name"), volume.At("configMap"));
            yield return ("Secret", volume.At("secret").Text("secretName") ?? volume.At("secret").Text("name"), volume.At("secret"));
        }

        foreach (var secret in workload.Body.Maps("imagePullSecrets"))
            yield return ("Secret", secret.Text("name"), secret);
    }
}
