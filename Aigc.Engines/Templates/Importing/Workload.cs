namespace Aigc.Engines.Templates.Importing;

/// <summary>The object whose pods become engines.</summary>
/// <param name="PodPath">Where its pod template is, such as <c>spec.template</c>.</param>
/// <param name="Pod">The pod template.</param>
/// <param name="Body">The pod template's <c>spec</c>.</param>
/// <param name="Claims">Its <c>volumeClaimTemplates</c>.</param>
internal sealed record Workload(Manifest Manifest, string PodPath, YamlMap Pod, YamlMap Body, string ClaimsPath, IReadOnlyList<YamlMap> Claims)
{
    private const string Kinds = "a Deployment, a StatefulSet or an OpenKruise GameServerSet";

    public YamlNode? Spec => Manifest.Content.At("spec");

    /// <summary>The first one is the engine.</summary>
    public IReadOnlyList<YamlMap> Containers => [.. Body.Maps("containers")];

    public YamlMap Engine => Containers[0];

    /// <summary>Those that run and those that only prepare.</summary>
    public IEnumerable<YamlMap> AllContainers => Body.Maps("containers").Concat(Body.Maps("initContainers"));

    /// <param name="name">Which one, where there are several: <c>NAME</c> or <c>KIND/NAME</c>.</param>
    /// <returns>Null with the errors added.</returns>
    public static Workload? Find(IReadOnlyList<Manifest> manifests, string? name, TemplateErrors errors)
    {
        var known = manifests.Where(manifest => PodField(manifest) is not null).ToList();
        var asked = known.Where(manifest => name is null || manifest.Name == name || $"{manifest.Kind}/{manifest.Name}".Equals(name, StringComparison.OrdinalIgnoreCase)).ToList();
        if (asked is [var one])
            return Open(one, errors);
        YamlNode at = (asked is [] ? manifests : asked) is [var first, ..] ? first.Content : new YamlText("", false, 1, 1);
        errors.Add(at, "", (known.Count, asked.Count) switch
        {
            (0, _) when manifests.Count == 0 => $"The file is empty; it takes {Kinds}.",
            (0, _) => $"There is nothing to import: it takes {Kinds}, and this is {Listed(manifests, manifest => $"{manifest.ApiVersion}, ")}.",
            (_, 0) => $"There is no '{name}'; there is {Listed(known)}.",
            _ => $"There are several: {Listed(asked)}. Choose one with --workload NAME, or KIND/NAME.",
        });
        return null;
    }

    private static Workload? Open(Manifest manifest, TemplateErrors errors)
    {
        var field = PodField(manifest)!;
        var template = manifest.Content.At("spec").At(field);
        if (template is not YamlMap pod || pod.At("spec") is not YamlMap body)
        {
            errors.Add(template ?? manifest.Content, $"spec.{field}.spec", "is missing; it holds the pod's containers.");
            return null;
        }

        if (!body.Maps("containers").Any())
        {
            errors.Add(body, $"spec.{field}.spec.containers", "is missing; the engine is one of them.");
            return null;
        }

        var isGames = field == "gameServerTemplate";
        YamlNode? claims = isGames ? pod : manifest.Content.At("spec");
        return new(
            manifest, $"spec.{field}", pod, body,
            isGames ? $"spec.{field}.volumeClaimTemplates" : "spec.volumeClaimTemplates", [.. claims.Maps("volumeClaimTemplates")]);
    }

    /// <summary>Null for what has no pods that could become engines.</summary>
    private static string? PodField(Manifest manifest) => (manifest.Kind, manifest.Group) switch
    {
        ("Deployment", "apps" or "extensions") => "template",
        ("StatefulSet", "apps" or "apps.kruise.io") => "template",
        ("GameServerSet", "game.kruise.io") => "gameServerTemplate",
        _ => null,
    };

    private static string Listed(IReadOnlyList<Manifest> manifests, Func<Manifest, string>? more = null)
    {
        const int Most = 6;
        var some = manifests.Take(Most).Select(manifest => $"{manifest} ({more?.Invoke(manifest)}line {manifest.Content.Line})");
        return string.Join(", ", some) + (manifests.Count > Most ? $" and {manifests.Count - Most} more" : "");
    }
}
