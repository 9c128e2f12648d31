using System.Globalization;
using System.Text.Json;

namespace Aigc.Worker.Local;

/// <summary>
/// The files about one engine's process: <c>record.json</c> (the worker's), <c>shim</c> and <c>exit</c> (the shim's), <c>log</c>.
/// A file of the shim counts once its line is complete.
/// </summary>
internal sealed class RunFolder(string path)
{
    public string Path => path;
    public string LogPath => In("log");
    public string PreviousLogPath => In("log.1");
    private string RecordPath => In("record.json");
    private string ShimPath => In("shim");
    private string ExitPath => In("exit");

    /// <summary>Null: never started, released, or cut short by a power failure before it was complete.</summary>
    public RunRecord? ReadRecord()
    {
        try
        {
            return ReadText(RecordPath) is { } json ? JsonSerializer.Deserialize<RunRecord>(json) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public void Write(RunRecord record)
    {
        Directory.CreateDirectory(path);
        var next = RecordPath + ".next";
        using (var stream = new FileStream(next, FileMode.Create, FileAccess.Write))
        {
            JsonSerializer.Serialize(stream, record);
            stream.Flush(flushToDisk: true);
        }

        File.Move(next, RecordPath, overwrite: true);
    }

    /// <summary>The shim as it was when it started; none from before a reboot.</summary>
    public ProcessEntry? ReadShim() => ReadRecord()?.Boot == Machine.Boot && ReadLine(ShimPath) is { } line ? ProcessEntry.Parse(line) : null;

    public bool HasExit => File.Exists(ExitPath);

    public ExitRecord? ReadExit() => ReadLine(ExitPath) is { } line
        ? new(int.TryParse(line, CultureInfo.InvariantCulture, out var code) ? code : null, File.GetLastWriteTimeUtc(ExitPath))
        : null;

    public ExitRecord WriteExit(DateTimeOffset at)
    {
        File.WriteAllText(ExitPath, "?\n");
        return MoveExit(new(null, at));
    }

    /// <summary>The file's time is the last moment at which something of the engine was known to run.</summary>
    public ExitRecord MoveExit(ExitRecord exit)
    {
        File.SetLastWriteTimeUtc(ExitPath, exit.At.UtcDateTime);
        return exit;
    }

    /// <summary>Forgets the last start but for its log. The record goes first: what is left without one means nothing.</summary>
    public void Clear()
    {
        if (!Directory.Exists(path))
            return;
        File.Delete(RecordPath);
        File.Delete(ShimPath);
        File.Delete(ExitPath);
    }

    public void RotateLog()
    {
        if (File.Exists(LogPath))
            File.Move(LogPath, PreviousLogPath, overwrite: true);
    }

    private string In(string name) => System.IO.Path.Combine(path, name);

    private static string? ReadLine(string file) => ReadText(file) is { } text && text.EndsWith('\n') ? text.TrimEnd('\n') : null;

    private static string? ReadText(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}
