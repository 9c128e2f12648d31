using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Aigc.Engines.Templates.Importing;

/// <summary>Makes a template of a Deployment, a StatefulSet or an OpenKruise GameServerSet. docs/templates.md says what becomes of what.</summary>
public static partial class TemplateImport
{
    public const int MostKilobytes = Manifest.MostKilobytes;
    private const int LongestName = 30;

    /// <param name="file">Names the source in notes and errors.</param>
    /// <param name="name">The template's; null: the workload's own.</param>
    /// <param name="workload">Which one, where the file has several; <c>NAME</c> or <c>KIND/NAME</c>.</param>
    /// <param name="allowance">What pods may have beyond their own container; null: nothing.</param>
    public static ImportedTemplate Read(string file, string text, string? name = null, string? workload = null, PodAllowance? allowance = null)
    {
        var errors = new TemplateErrors(file);
        var manifests = Manifest.ReadAll(text, errors);
        var chosen = errors.All().Count == 0 ? Workload.Find(manifests, workload, errors) : null;
        if (chosen is null)
            return new(null, [], WithHint(file, text, errors.All()));

        var job = new ImportJob(chosen, manifests, new(file));
        var template = Template(job, name, file);
        Allow(job, allowance ?? new(), errors);
        var source = $"# Imported from {chosen.Manifest}, {file} line {chosen.Manifest.Content.Line}.\n{TemplateText.Write(template)}";
        // Whatever the source was, what is handed out is a template.
        var read = errors.All().Count > 0 ? null : TemplateReader.Read("the template that it becomes", source, new(HostAccess: true, ServiceAccounts: true));
        IReadOnlyList<TemplateError> wrong = [.. errors.All(), .. read?.Errors ?? []];
        return wrong.Count > 0 ? new(null, job.Notes.All(), wrong) : new(source, job.Notes.All(), []);
    }

    private static YamlMap Template(ImportJob job, string? name, string file)
    {
        var manifest = job.Workload.Manifest;
        EnginePort.PutEngineFirst(job);
        WorkloadFields.Tell(job);
        var port = EnginePort.Find(job);
        var template = new YamlMap([], manifest.Content.Line, manifest.Content.Column);
        var kubernetes = new YamlMap([], manifest.Content.Line, manifest.Content.Column);
        template.Put("name", name ?? Name(job));
        template.Put("title", Title(job), quoted: true);
        template.Put("description", $"Imported from {manifest}. Say here what it is good for.", quoted: true);
        job.Notes.Guess(manifest.Content, "title", "Title and description are what people read; write your own.");
        template.Put("version", "1", quoted: true);
        template.Put("kubernetes", kubernetes);
        kubernetes.Put("port", port.ToString(CultureInfo.InvariantCulture));
        if (EngineDisk.Take(job) is { } volume)
            kubernetes.Put("volume", volume);
        EngineProbes.Put(job, template, port);
        PodImport.Clean(job);
        OtherObjects.Tell(job);
        kubernetes.Put("pod", Pod(job.Workload));
        return template;
    }

    private static YamlMap Pod(Workload workload)
    {
        var pod = new YamlMap([], workload.Pod.Line, workload.Pod.Column);
        if (workload.Pod.At("metadata") is { } metadata)
            pod.Put("metadata", metadata);
        pod.Put("spec", workload.Body);
        return pod;
    }

    private static string Name(ImportJob job)
    {
        var own = job.Workload.Manifest.Name;
        var name = NotOfNames().Replace(own.ToLowerInvariant(), "-").TrimStart('-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9');
        name = name[..Math.Min(name.Length, LongestName)].Trim('-');
        name = name.Length > 0 ? name : "imported";
        if (name != own)
            job.Notes.Guess(job.Workload.Manifest.Content.At("metadata") ?? job.Workload.Manifest.Content, "name", $"{name}, because '{own}' is no name of a template; --name gives another.");
        return name;
    }

    private static string Title(ImportJob job)
    {
        if (KnownEngine.Of(job.Workload.Engine) is { } known)
            return known.Title;
        var name = job.Workload.Manifest.Name.Replace('-', ' ').Trim();
        return name.Length == 0 ? "Imported" : $"{char.ToUpperInvariant(name[0])}{name[1..Math.Min(name.Length, 60)]}";
    }

    /// <summary>What only an administrator can allow is a note; what nobody can is an error.</summary>
    private static void Allow(ImportJob job, PodAllowance allowance, TemplateErrors errors)
    {
        var places = new Dictionary<string, YamlNode>(StringComparer.Ordinal);
        var pod = JsonSerializer.SerializeToElement(YamlJson.From(Pod(job.Workload), places));
        foreach (var (path, message) in PodRules.Violations(pod, new(HostAccess: true, ServiceAccounts: true)))
            errors.Add(KubernetesFields.Nearest(places, path) ?? job.Workload.Pod, job.PodField(path), message);
        foreach (var (path, message) in PodRules.Violations(pod, allowance).Except(PodRules.Violations(pod, new(HostAccess: true, ServiceAccounts: true))))
            job.Notes.Add(ImportNoteKind.Allow, KubernetesFields.Nearest(places, path) ?? job.Workload.Pod, job.PodField(path), message);
    }

    private static IReadOnlyList<TemplateError> WithHint(string file, string text, IReadOnlyList<TemplateError> errors) =>
        text.Contains("{{", StringComparison.Ordinal)
            ? [.. errors, new(file, Line(text, "{{"), 1, "", "This looks like the template of a Helm chart: import what 'helm template' prints.")]
            : errors;

    private static int Line(string text, string part) => text.AsSpan(0, text.IndexOf(part, StringComparison.Ordinal)).Count('\n') + 1;

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex NotOfNames();
}
