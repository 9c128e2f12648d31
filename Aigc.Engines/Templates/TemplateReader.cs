using System.Globalization;
using System.Text.RegularExpressions;

namespace Aigc.Engines.Templates;

/// <summary>What a file says: a template, or everything that is wrong with it.</summary>
/// <param name="Source">The text as it was written, comments and all.</param>
/// <param name="Template">Set exactly when there are no errors.</param>
public sealed record TemplateFile(string File, string Source, Template? Template, IReadOnlyList<TemplateError> Errors);

/// <summary>Reads a template from YAML. docs/templates.md describes every field.</summary>
public static partial class TemplateReader
{
    /// <param name="file">Names the source in errors.</param>
    /// <param name="allowance">What pods may have beyond their own container; null: nothing.</param>
    public static TemplateFile Read(string file, string source, PodAllowance? allowance = null)
    {
        var errors = new TemplateErrors(file);
        var template = YamlTree.Parse(source, errors) switch
        {
            null => null,
            YamlMap root => Template(new(root, "", errors), allowance ?? new()),
            var other => NotAMap(other, errors),
        };
        var all = errors.All();
        return new(file, source, all.Count == 0 ? template : null, all);
    }

    private static Template? NotAMap(YamlNode root, TemplateErrors errors)
    {
        errors.Add(root, "", "A template is a map of fields, such as 'name: demo'.");
        return null;
    }

    private static Template Template(FieldReader fields, PodAllowance allowance)
    {
        fields.Allow("name", "title", "description", "icon", "version", "local", "kubernetes", "readiness", "busy", "activity", "spares", "idle", "idleTimeout", "startTimeout", "stopTimeout");
        if (!fields.Has("local") && !fields.Has("kubernetes"))
            fields.Wrong("local", "is missing; a template says how its engine runs, such as local: { command: my-program }.");

        var idle = fields.Map("idle") is { } policy ? IdleFields.Read(policy) : null;
        if (idle?.Timeout is not null && fields.Has("idleTimeout"))
            fields.Wrong("idleTimeout", "is given as idle.timeout too; keep one of them.");
        var busy = fields.Map("busy");
        if (idle?.UnknownLimit is not null && busy?.Has("unknownLimit") == true)
            busy.Wrong("unknownLimit", "is given as idle.unknownLimit too; keep one of them.");

        return new()
        {
            Name = fields.Text("name", NamePattern().IsMatch, "a name has 1 to 30 lower-case letters, digits and hyphens, begins with a letter and does not end in a hyphen.",
                "it names the template for people and the API, such as demo.") ?? "",
            Title = Localized(fields, "title", 60, "it is what people read on the card."),
            Description = Localized(fields, "description", 500, "it tells people what the engine is good for."),
            Icon = fields.Text("icon", text => new StringInfo(text).LengthInTextElements is 1 or 2, "write one emoji or up to two letters.") ?? "",
            Version = fields.Text("version", VersionPattern().IsMatch, "a version has 1 to 40 letters, digits, dots, hyphens, underscores or plus signs and begins with a letter or digit.",
                "each change of a template gets a new one, such as \"1\".") ?? "",
            Local = fields.Map("local") is { } local ? RuntimeFields.Local(local) : null,
            Kubernetes = fields.Map("kubernetes") is { } kubernetes ? KubernetesFields.Read(kubernetes, allowance) : null,
            Readiness = ProbeFields.Readiness(fields.Map("readiness")),
            Busy = busy is null ? null : ProbeFields.Busy(busy),
            Activity = fields.Map("activity") is { } activity ? ProbeFields.Activity(activity) : new(),
            Spares = Spares(fields),
            Idle = idle,
            IdleTimeout = idle?.Timeout ?? fields.Duration("idleTimeout", TimeSpan.FromMinutes(30), TimeSpan.FromSeconds(5), TimeSpan.FromDays(30)),
            StartTimeout = fields.Duration("startTimeout", TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(1), TimeSpan.FromHours(2)),
            StopTimeout = fields.Duration("stopTimeout", TimeSpan.FromSeconds(10), TimeSpan.Zero, TimeSpan.FromMinutes(10)),
        };
    }

    private static int Spares(FieldReader fields)
    {
        var spares = fields.Number("spares", 0, 100) ?? 0;
        if (spares > 0 && fields.Map("kubernetes")?.Has("volume") != false)
            fields.Wrong("spares", "are for pods without a disk, because none can be attached to a pod that runs; remove kubernetes.volume, or spares.");
        return spares;
    }

    private static LocalizedText Localized(FieldReader fields, string name, int maxLength, string requiredBecause)
    {
        var allowed = $"write 1 to {maxLength} characters.";
        if (fields.Node(name, requiredBecause) is not YamlMap)
            return new(fields.Has(name) ? fields.Text(name, Fits, allowed)?.Trim() ?? "" : "");
        var languages = fields.Map(name)!.Allow("en", "zh");
        return new(
            languages.Text("en", Fits, allowed, "English is what people read whose language is not there.")?.Trim() ?? "",
            languages.Text("zh", Fits, allowed)?.Trim());

        bool Fits(string text) => text.Trim().Length is var length && length > 0 && length <= maxLength;
    }

    [GeneratedRegex(@"\A[a-z](?:[a-z0-9-]{0,28}[a-z0-9])?\z")]
    private static partial Regex NamePattern();

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._+-]{0,39}\z")]
    private static partial Regex VersionPattern();
}
