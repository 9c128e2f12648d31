using System.IO.Compression;
using System.Text.RegularExpressions;
using Aigc.DemoEngine.Painting;

namespace Aigc.DemoEngine.Images;

/// <summary>The only place this engine writes to: numbered PNG files, complete or absent.</summary>
internal sealed partial class OutputFolder
{
    private readonly string _folder;
    private int _last;

    public OutputFolder(string dataFolder)
    {
        _folder = Path.Combine(Path.GetFullPath(dataFolder), "outputs");
        Directory.CreateDirectory(_folder);
        foreach (var leftover in Directory.EnumerateFiles(_folder, ".*.tmp"))
            File.Delete(leftover);
        _last = NewestFirst().Select(NumberOf).FirstOrDefault();
    }

    /// <summary>Paints and saves one picture; returns its file name once the whole file is on the disk.</summary>
    public string Save(Picture picture)
    {
        var name = $"{++_last:D8}-{picture.Seed}.png";
        var temporary = Path.Combine(_folder, $".{name}.tmp");
        try
        {
            using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write))
            {
                Png.Write(file, Painter.Finished(picture), picture.Parameters, CompressionLevel.Optimal);
                file.Flush(flushToDisk: true);
            }
            File.Move(temporary, Path.Combine(_folder, name));
            return name;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            File.Delete(temporary);
            throw new ImageNotSavedException(e);
        }
    }

    /// <summary>The path of one of our images; null for every other name, for links, and for what is not there.</summary>
    public string? Find(string name)
    {
        if (!ImageName().IsMatch(name))
            return null;
        var file = new FileInfo(Path.Combine(_folder, name));
        return file is { Exists: true, LinkTarget: null } ? file.FullName : null;
    }

    public IEnumerable<string> NewestFirst() => Directory.EnumerateFiles(_folder, "*.png")
        .Select(path => Path.GetFileName(path))
        .Where(name => ImageName().IsMatch(name))
        .OrderDescending(StringComparer.Ordinal);

    public byte[] Read(string name) => File.ReadAllBytes(Path.Combine(_folder, name));

    private static int NumberOf(string name) => int.Parse(name.AsSpan(0, 8), provider: null);

    [GeneratedRegex(@"\A[0-9]{8}-[0-9]{1,20}\.png\z")]
    private static partial Regex ImageName();
}
