using Aigc.Engines.Templates;

namespace Aigc.Api.Templates;

/// <summary>What is wrong with the files of the templates folder, for administrators to see.</summary>
public sealed class TemplateProblems
{
    public IReadOnlyList<TemplateError> All { get; internal set; } = [];

    public static string VersionInUse(Template template) =>
        $"Engines use version {template.Version} of '{template.Name}' with other content. Give the new content a new version.";
}
