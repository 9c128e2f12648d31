using System.Globalization;
using System.Text.Json;
using Aigc.Worker.Clocks;

namespace Aigc.Worker.Local;

/// <summary>
/// The files about one engine's process: <c>record.json</c> (the worker's), <c>{uid}/shim</c> and <c>{uid}/exit</c> (the shim's), <c>log</c>.
/// A file of the shim counts once its line is complete.
/// The folder <c>{uid}</c> is the permission to run: a shim that finds it gone ends itself, so whoever removes it while it is empty
/// has called off the launch for certain.
/// </summary>
internal sealed class RunFolder(string path)
{
    public string Path => path;
    public string LogPath => In("log");
    public string PreviousLogPath => In("log.1");
    private string RecordPath => In("record.json");
    private string LaunchPath(string uid) => In(uid);
    internal string ShimPath(string uid) => System.IO.Path.Combine(In(uid), "shim");
    internal string ExitPath(string uid) => System.IO.Path.Combine(In(uid), "exit");

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
        using var next = Prepare(record);
        File.Move(next.Path, RecordPath, overwrite: true);
    }

    /// <summary>Permits a launch and puts it on record; false when another is on record already.</summary>
    public bool TryBegin(RunRecord record)
    {
        Directory.CreateDirectory(LaunchPath(record.Uid));
        if (TryWriteFirst(record))
            return true;
        Directory.Delete(LaunchPath(record.Uid));
        return false;
    }

    /// <summary>Puts it on record unless something else is.</summary>
    public bool TryWriteFirst(RunRecord record)
    {
        // Cut short by a power failure. What is not there is not deleted: it may be written at this very moment.
        if (File.Exists(RecordPath) && ReadRecord() is null)
            File.Delete(RecordPath);
        using var next = Prepare(record);
        try
        {
            File.Move(next.Path, RecordPath, overwrite: false);
            return true;
        }
        catch (IOException) when (File.Exists(RecordPath))
        {
            return false;
        }
    }

    /// <summary>Calls off a launch whose shim has not spoken yet; false when it has, or when there never was a permission.</summary>
    public bool TryCallOff(RunRecord record)
    {
        try
        {
            Directory.Delete(LaunchPath(record.Uid), recursive: false);
        }
        catch (IOException)
        {
            return false;
        }

        File.Delete(RecordPath);
        return true;
    }

    /// <summary>The shim as it was when it started; none from before a reboot.</summary>
    public ProcessEntry? ReadShim(RunRecord? record) =>
        record?.Boot == Machine.Boot && ReadLine(ShimPath(record.Uid)) is { } line ? ProcessEntry.Parse(line) : null;

    public bool HasExit(string uid) => File.Exists(ExitPath(uid));

    /// <param name="time">File times are the machine's; the answer is this clock's.</param>
    public ExitRecord? ReadExit(RunRecord record, TimeProvider time)
    {
        var file = ExitPath(record.Uid);
        if (ReadLine(file) is not { } line)
            return record.EndedAt is { } at ? new(null, at) : null;
        var age = SteadyTime.Machine(time) - File.GetLastWriteTimeUtc(file);
        return new(
            int.TryParse(line, CultureInfo.InvariantCulture, out var code) ? code : null,
            time.GetUtcNow() - (age > TimeSpan.Zero ? age : TimeSpan.Zero));
    }

    /// <summary>The file's time is the last moment at which something of the engine was known to run.</summary>
    public void MoveExit(string uid, TimeProvider time) => File.SetLastWriteTimeUtc(ExitPath(uid), SteadyTime.Machine(time).UtcDateTime);

    /// <summary>Forgets the last start but for its log. The record goes first: what is left without one means nothing.</summary>
    public void Clear()
    {
        if (!Directory.Exists(path))
            return;
        File.Delete(RecordPath);
        foreach (var launch in Directory.EnumerateDirectories(path))
            Directory.Delete(launch, recursive: true);
    }

    public void RotateLog()
    {
        if (File.Exists(LogPath))
            File.Move(LogPath, PreviousLogPath, overwrite: true);
    }

    private NextRecord Prepare(RunRecord record)
    {
        Directory.CreateDirectory(path);
        // Of each writer its own: a worker that was paused may still hold one.
        var next = new NextRecord($"{RecordPath}.{Guid.NewGuid():N}");
        using var stream = new FileStream(next.Path, FileMode.CreateNew, FileAccess.Write);
        JsonSerializer.Serialize(stream, record);
        stream.Flush(flushToDisk: true);
        return next;
    }

    private readonly record struct NextRecord(string Path) : IDisposable
    {
        public void Dispose() => File.Delete(Path);
    }

    private string In(string name) => System.IO.Path.Combine(path, name);

    private static string? ReadLine(string file) => ReadText(file) is { } text && text.EndsWith('\n') ? text.TrimEnd('\n') : null;

    private static string? ReadText(string file)
    {
        // Most engines sleep and have none: asking first is cheaper than the exception.
        if (!File.Exists(file))
            return null;
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
