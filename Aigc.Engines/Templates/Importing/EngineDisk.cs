using System.Globalization;

namespace Aigc.Engines.Templates.Importing;

/// <summary>Finds the one disk that an engine has, and calls it <c>data</c>.</summary>
internal static class EngineDisk
{
    public const string Name = "data";
    private const string NoSize = "20Gi";
    private static readonly string[] Carried = ["accessModes", "resources", "storageClassName"];
    private static readonly string[] OneMachine = ["ReadWriteOnce", "ReadWriteOncePod"];

    /// <returns>What <c>kubernetes.volume</c> says; null: nothing is kept.</returns>
    public static YamlMap? Take(ImportJob job)
    {
        var workload = job.Workload;
        // Both: claims that all share are told of in any case.
        var (fromTemplates, fromClaims) = (FromTemplates(job), FromClaims(job));
        var disk = fromTemplates ?? fromClaims;
        foreach (var claim in workload.Claims.Where(claim => claim != disk?.At))
            LeaveOut(job, claim, disk is not null);
        // The name is the disk's alone.
        if (disk?.Volume != Name && workload.Body.Maps("volumes").FirstOrDefault(volume => volume.Text("name") == Name) is { } other)
        {
            other.Put("name", "data-volume");
            Rename(workload, Name, "data-volume");
        }

        if (disk is null)
        {
            job.Notes.Check(workload.Engine, "kubernetes.volume", "There is no disk: what the engine writes is gone when it sleeps. Add kubernetes.volume with size and mountPath to keep it.");
            return null;
        }

        workload.Body.Keep("volumes", volume => volume.Text("name") != disk.Volume);
        Rename(workload, disk.Volume, Name);
        return Volume(job, disk);
    }

    private static Disk? FromTemplates(ImportJob job)
    {
        if (job.Workload.Claims.FirstOrDefault(claim => Mounts(job.Workload.Engine, NameOf(claim)).Any()) is not { } claim)
            return null;
        job.Notes.Check(claim, job.Workload.ClaimsPath, $"Each engine begins with a new and empty disk: copy what people need from the claims '{NameOf(claim)}-…' that there are.");
        return new(NameOf(claim), claim, claim.Map("spec"), $"{job.Workload.ClaimsPath}.spec");
    }

    /// <summary>A claim that one pod had becomes a disk for each engine; one that is only read stays what all share.</summary>
    private static Disk? FromClaims(ImportJob job)
    {
        var (engine, notes) = (job.Workload.Engine, job.Notes);
        var claims = job.Workload.Body.Maps("volumes")
            .Where(volume => volume.Text("name") is not null && volume.At("persistentVolumeClaim").Text("claimName") is not null)
            .Select(volume => (Volume: volume, Name: volume.Text("name")!, Claim: volume.At("persistentVolumeClaim").Text("claimName")!, Found: job.Find("PersistentVolumeClaim", volume.At("persistentVolumeClaim").Text("claimName"))))
            .ToList();
        var own = job.Workload.Claims.Any(claim => Mounts(engine, NameOf(claim)).Any()) ? [] : claims
            .Where(claim => !claim.Volume.At("persistentVolumeClaim").IsTrue("readOnly") && Mounts(engine, claim.Name).Any(mount => !mount.IsTrue("readOnly")))
            .Where(claim => claim.Found is null || AccessMode(claim.Found.Content.At("spec")) is not null)
            .OrderBy(claim => claim.Found is null ? 1 : OneMachine.Contains(AccessMode(claim.Found.Content.At("spec"))) ? 0 : 2)
            .ToList();
        foreach (var shared in claims.Where(claim => own is not [var first, ..] || claim != first))
        {
            notes.Check(shared.Volume, job.PodField("spec.volumes"),
                $"All engines mount the one claim '{shared.Claim}': it must be in the namespace of engines, and let several machines have it (ReadOnlyMany, ReadWriteMany).");
        }

        if (own is not [var disk, ..])
            return null;
        notes.Guess(disk.Volume, "kubernetes.volume", $"Each engine gets a disk of its own, in place of the claim '{disk.Claim}'. It begins empty: copy what people need, or keep the claim as a volume that all share.");
        return new(disk.Name, disk.Found?.Content ?? disk.Volume, disk.Found?.Content.Map("spec"), "spec");
    }

    private static YamlMap Volume(ImportJob job, Disk disk)
    {
        var (engine, notes) = (job.Workload.Engine, job.Notes);
        var volume = new YamlMap([], disk.At.Line, disk.At.Column);
        volume.Put("size", Size(disk, notes));
        if (disk.Spec.Text("storageClassName") is { Length: > 0 } name)
            volume.Put("class", name);
        var mounts = Mounts(engine, Name).ToList();
        var main = mounts.Find(mount => mount.At("subPath") is null && mount.At("subPathExpr") is null) ?? mounts[0];
        volume.Put("mountPath", main.Text("mountPath") ?? "");
        if (AccessMode(disk.Spec) is { } mode && mode != OneMachine[0])
            volume.Put("accessMode", mode);
        // Where the whole disk is mounted once, volume.mountPath says so already.
        if (mounts is [var only] && only.Fields().Select(field => field.Name).Order().SequenceEqual(["mountPath", "name"]))
            engine.Keep("volumeMounts", mount => mount != only);
        foreach (var (field, value) in disk.Spec.Fields().Where(field => !Carried.Contains(field.Name) && (field.Value as YamlText)?.Value != "Filesystem"))
            notes.LeftOut(value, $"{disk.SpecPath}.{field}", "An engine's disk is made anew and empty, from size, class and accessMode alone.");
        return volume;
    }

    private static string Size(Disk disk, ImportNotes notes)
    {
        if (disk.Spec.At("resources").At("requests").At("storage") is not YamlText size)
        {
            notes.Guess(disk.At, "kubernetes.volume.size", $"{NoSize}, because the claim is not in this file. A disk can grow later, but not shrink.");
            return NoSize;
        }

        if (KubernetesFields.IsSize(size.Value))
            return size.Value;
        const int Mi = 1 << 20;
        if (Quantity.Parse(size.Value) is { } bytes && bytes > 0 && bytes / Mi < 1_000_000_000)
            return string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(bytes / Mi)}Mi");
        notes.Guess(size, "kubernetes.volume.size", $"{NoSize}, because '{size.Value}' is no size.");
        return NoSize;
    }

    private static void LeaveOut(ImportJob job, YamlMap claim, bool hasDisk)
    {
        var (name, size) = (NameOf(claim), claim.At("spec").At("resources").At("requests").Text("storage") ?? "?");
        var paths = Mounts(job.Workload.Engine, name).Select(mount => mount.Text("mountPath")).ToList();
        foreach (var container in job.Workload.AllContainers)
            container.Keep("volumeMounts", mount => mount.Text("name") != name);
        job.Notes.LeftOut(claim, job.Workload.ClaimsPath, $"'{name}' ({size}{(paths.Count > 0 ? " at " + string.Join(", ", paths) : "")}): " + (hasDisk && paths.Count > 0
            ? $"an engine has one disk. Mount a folder of it there: {{ name: {Name}, mountPath: {paths[0]}, subPath: {name} }}, and make it larger; or mount a claim that all engines share."
            : "the engine does not mount it. What other containers need for a moment can be an emptyDir."));
    }

    /// <summary>The one that a disk needs; null for one that is only read.</summary>
    private static string? AccessMode(YamlNode? spec)
    {
        var modes = spec.Texts("accessModes").ToList();
        return modes.Count == 0 ? OneMachine[0] : OneMachine.Append("ReadWriteMany").FirstOrDefault(modes.Contains);
    }

    private static string NameOf(YamlMap claim) => claim.Map("metadata").Text("name") ?? "";

    private static IEnumerable<YamlMap> Mounts(YamlMap container, string volume) => container.Maps("volumeMounts").Where(mount => mount.Text("name") == volume);

    private static void Rename(Workload workload, string from, string to)
    {
        foreach (var mount in workload.AllContainers.SelectMany(container => Mounts(container, from)))
            mount.Put("name", to);
    }

    /// <param name="Volume">Its name in the pod.</param>
    /// <param name="Spec">The claim's; null: it is not in the file.</param>
    private sealed record Disk(string Volume, YamlMap At, YamlMap? Spec, string SpecPath);
}
