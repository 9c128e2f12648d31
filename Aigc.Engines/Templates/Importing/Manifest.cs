namespace Aigc.Engines.Templates.Importing;

/// <summary>One Kubernetes object of a file.</summary>
internal sealed record Manifest(YamlMap Content)
{
    public const int MostKilobytes = 1024;

    private static readonly YamlLimits Limits = new("what is imported", MostKilobytes * 1024, 64);

    public string Kind => Content.Text("kind")!;

    public string ApiVersion => Content.Text("apiVersion")!;

    /// <summary>Such as <c>apps</c>; empty for the core group.</summary>
    public string Group => ApiVersion.IndexOf('/', StringComparison.Ordinal) is > 0 and var at ? ApiVersion[..at] : "";

    public string Name => Content.Map("metadata").Text("name") ?? "";

    public override string ToString() => Name.Length == 0 ? Kind : $"{Kind} '{Name}'";

    /// <summary>All objects of a file, those of lists too; what is none is an error.</summary>
    public static IReadOnlyList<Manifest> ReadAll(string text, TemplateErrors errors)
    {
        var all = new List<Manifest>();
        foreach (var document in YamlTree.ParseAll(text, Limits, errors) ?? [])
            Add(all, document, errors);
        return all;
    }

    private static void Add(List<Manifest> all, YamlNode document, TemplateErrors errors)
    {
        if (document is YamlText { IsNull: true })
            return;
        if (document.Text("kind") is not { Length: > 0 } kind || document.Text("apiVersion") is null)
        {
            errors.Add(
                document, document.At("kind") is null ? "kind" : "apiVersion",
                "is missing; a Kubernetes object has apiVersion, kind and metadata, such as 'apiVersion: apps/v1' and 'kind: Deployment'.");
        }
        else if (kind.EndsWith("List", StringComparison.Ordinal) && document.At("items") is YamlList list)
        {
            foreach (var item in list.Items)
                Add(all, item, errors);
        }
        else
            all.Add(new((YamlMap)Yaml11.Read(document)));
    }
}
