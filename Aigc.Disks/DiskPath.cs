using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Aigc.Disks;

/// <summary>
/// A path below an engine's disk, as people send it: names separated by <c>/</c>, never leading out. Says nothing about
/// what is on the disk, where a symlink may still lead anywhere.
/// </summary>
public sealed record DiskPath
{
    private const int MaxNameBytes = 255;
    private const int MaxPathBytes = 3000;

    private DiskPath(IReadOnlyList<string> names) => Names = names;

    public static DiskPath Root { get; } = new([]);

    /// <summary>From the disk down; empty for the disk itself.</summary>
    public IReadOnlyList<string> Names { get; }

    public bool IsRoot => Names.Count == 0;

    /// <summary>The last name. The disk itself has none.</summary>
    public string Name => Names[^1];

    /// <summary>The folder that it is in. The disk itself is in none.</summary>
    public DiskPath Folder => new([.. Names.SkipLast(1)]);

    /// <summary>Reads a path; none and the empty one mean the disk itself, one slash at the end is allowed.</summary>
    /// <param name="error">A sentence for people when the answer is false.</param>
    public static bool TryParse(string? text, [NotNullWhen(true)] out DiskPath? path, [NotNullWhen(false)] out string? error)
    {
        path = null;
        if (string.IsNullOrEmpty(text))
        {
            (path, error) = (Root, null);
            return true;
        }

        var names = (text.EndsWith('/') ? text[..^1] : text).Split('/');
        error = text[0] == '/' ? "A path begins at the engine's disk, without a slash."
            : Encoding.UTF8.GetByteCount(text) > MaxPathBytes ? "The path is too long."
            : names.Select(ErrorOf).FirstOrDefault(found => found is not null);
        if (error is null)
            path = new(names);
        return path is not null;
    }

    public bool Equals(DiskPath? other) => other is not null && Names.SequenceEqual(other.Names);

    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    public override string ToString() => string.Join('/', Names);

    private static string? ErrorOf(string name) => name switch
    {
        "" => "A path must not have an empty name between two slashes.",
        "." or ".." => "A path must not go through \".\" or \"..\".",
        _ when name.AsSpan().ContainsAny('\\', '\0') => "A path must not contain a backslash or a NUL.",
        _ when OperatingSystem.IsWindows() && name.Contains(':') => "A name must not contain a colon.",
        _ when !IsText(name) => "A name must be proper Unicode text.",
        _ when Encoding.UTF8.GetByteCount(name) > MaxNameBytes => "A name must not be longer than 255 bytes.",
        _ => null,
    };

    /// <summary>Half a surrogate pair would become another name on the way to the disk.</summary>
    private static bool IsText(string name)
    {
        for (var at = 0; at < name.Length; at += Rune.TryGetRuneAt(name, at, out var rune) ? rune.Utf16SequenceLength : 1)
        {
            if (!Rune.TryGetRuneAt(name, at, out _))
                return false;
        }

        return true;
    }
}
