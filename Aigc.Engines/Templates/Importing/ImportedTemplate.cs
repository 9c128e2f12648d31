namespace Aigc.Engines.Templates.Importing;

/// <summary>What came of Kubernetes YAML: a template and what is to be said of it, or what keeps it from being one.</summary>
/// <param name="Source">The template's YAML; set exactly when there are no errors.</param>
/// <param name="Notes">In the order of the file that was imported.</param>
public sealed record ImportedTemplate(string? Source, IReadOnlyList<ImportNote> Notes, IReadOnlyList<TemplateError> Errors);

public enum ImportNoteKind
{
    /// <summary>It has no place in a template; the message says what to do instead.</summary>
    LeftOut,

    /// <summary>The file does not say it.</summary>
    Guess,

    /// <summary>It is carried over, and needs somebody to look at it.</summary>
    Check,

    /// <summary>It is carried over, and refused until an administrator allows it.</summary>
    Allow,
}

/// <summary>What there is to say of one place of the file that was imported.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
/// <param name="Field">There, such as <c>spec.replicas</c>; of a guess, the template's.</param>
public sealed record ImportNote(string File, int Line, int Column, ImportNoteKind Kind, string Field, string Message)
{
    public override string ToString() => $"{File}:{Line}: {Word}: {Field}: {Message}";

    private string Word => Kind switch
    {
        ImportNoteKind.LeftOut => "left out",
        ImportNoteKind.Guess => "guessed",
        ImportNoteKind.Check => "check",
        _ => "not allowed yet",
    };
}

/// <summary>Collects what there is to say.</summary>
internal sealed class ImportNotes(string file)
{
    private readonly List<ImportNote> _all = [];

    public void LeftOut(YamlNode at, string field, string message) => Add(ImportNoteKind.LeftOut, at, field, message);

    public void Guess(YamlNode at, string field, string message) => Add(ImportNoteKind.Guess, at, field, message);

    public void Check(YamlNode at, string field, string message) => Add(ImportNoteKind.Check, at, field, message);

    public void Add(ImportNoteKind kind, YamlNode at, string field, string message) => _all.Add(new(file, at.Line, at.Column, kind, field, message));

    /// <summary>In the order of the file.</summary>
    public IReadOnlyList<ImportNote> All() => [.. _all.OrderBy(note => note.Line)];
}
