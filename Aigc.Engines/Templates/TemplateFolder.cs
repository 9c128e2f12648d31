namespace Aigc.Engines.Templates;

/// <summary>All templates of a folder; a wrong file never keeps the others from being offered.</summary>
/// <param name="Files">Those that hold a template.</param>
public sealed record TemplateFolder(IReadOnlyList<TemplateFile> Files, IReadOnlyList<TemplateError> Errors)
{
    public IReadOnlyList<Template> Templates => [.. Files.Select(file => file.Template!)];

    /// <summary>Reads every <c>*.yaml</c> and <c>*.yml</c>, not below; a folder that is not there holds no templates.</summary>
    public static TemplateFolder Read(string folder, PodAllowance? allowance = null)
    {
        if (!Directory.Exists(folder))
            return new([], []);
        var files = Directory.EnumerateFiles(folder)
            .Where(path => Path.GetExtension(path) is ".yaml" or ".yml")
            .Order(StringComparer.Ordinal)
            .Select(file => ReadFile(file, allowance))
            .ToList();
        var names = files.Where(f => f.Template is not null).ToLookup(f => f.Template!.Name);
        return new(
            [.. names.Where(same => same.Count() == 1).Select(same => same.Single())],
            [.. files.SelectMany(f => f.Errors), .. names.Where(same => same.Count() > 1).SelectMany(Doubles)]);
    }

    private static TemplateFile ReadFile(string path, PodAllowance? allowance)
    {
        var name = Path.GetFileName(path);
        try
        {
            // A file that is far too long is not read to its end.
            if (new FileInfo(path).Length <= 2 * YamlLimits.Template.Bytes)
                return TemplateReader.Read(name, File.ReadAllText(path), allowance);
            return new(name, "", null, [new(name, 1, 1, "", YamlLimits.Template.TooLong)]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new(name, "", null, [new(name, 1, 1, "", $"The file cannot be read: {e.Message}")]);
        }
    }

    /// <summary>Which of them is meant cannot be known, so neither is offered.</summary>
    private static IEnumerable<TemplateError> Doubles(IGrouping<string, TemplateFile> same) => same.Select(file =>
        new TemplateError(file.File, 1, 1, "name", $"'{same.Key}' is also the name in {string.Join(", ", same.Where(f => f != file).Select(f => f.File))}; give each template its own."));
}
