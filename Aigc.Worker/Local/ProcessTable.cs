using System.Diagnostics;
using System.Globalization;
using System.Text;
using Aigc.Engines.Lifecycle;

namespace Aigc.Worker.Local;

/// <summary>All processes of this machine at one moment, and which engines they belong to.</summary>
internal sealed class ProcessTable
{
    private static readonly byte[] Mark = Encoding.ASCII.GetBytes($"{EngineEnvironment.EngineIdName}=");
    private static readonly Lock Reading = new();
    private static long _begun;
    private static ProcessTable? _last;
    private readonly Dictionary<int, ProcessEntry> _entries;
    private readonly Lazy<ILookup<EngineId, ProcessEntry>> _marked;
    private readonly Lazy<ILookup<int, ProcessEntry>> _children;

    private ProcessTable(IEnumerable<ProcessEntry> entries)
    {
        _entries = entries.Where(entry => !entry.Ended && entry.Pid != Environment.ProcessId).ToDictionary(entry => entry.Pid);
        _children = new(() => _entries.Values.ToLookup(entry => entry.Parent));
        _marked = new(() => _entries.Values
            .Select(entry => (Entry: entry, Text: EnvironmentOf(entry.Pid, Mark)))
            .Where(found => EngineId.TryParse(found.Text, out _))
            .ToLookup(found => new EngineId(found.Text!), found => found.Entry));
    }

    /// <summary>
    /// A reading that began after this was asked for. Those who ask while one is under way share the next: when many engines
    /// start or end at once, the table is not read for each.
    /// </summary>
    public static ProcessTable Read()
    {
        var before = Volatile.Read(ref _begun);
        lock (Reading)
        {
            if (_begun > before)
                return _last!;
            Volatile.Write(ref _begun, _begun + 1);
            return _last = ReadNow();
        }
    }

    private static ProcessTable ReadNow() => new(OperatingSystem.IsLinux() ? ReadProc() : ReadPs("-A"));

    /// <summary>The process that has this pid now.</summary>
    public static ProcessEntry? Find(int pid) => OperatingSystem.IsLinux() ? ReadStat(pid) : ReadPs($"-p{pid}").FirstOrDefault();

    /// <summary>Whether that very process still runs: the same pid later given to another does not count.</summary>
    public static bool IsRunning(ProcessEntry process) => Find(process.Pid) is { Ended: false } now && now.IsSameAs(process);

    /// <summary>
    /// The whole tree of an engine: what carries its mark, what is in its session, and the descendants of both;
    /// so a daemon that left the session is still found. The shim comes along if it runs.
    /// </summary>
    public IReadOnlyList<ProcessEntry> TreeOf(EngineId engine, ProcessEntry? shim)
    {
        // The session's number is proof only while its leader is there to vouch for it.
        var leader = shim is not null && _entries.TryGetValue(shim.Pid, out var found) && found.IsSameAs(shim) ? found : null;
        var tree = _marked.Value[engine]
            .Concat(leader is null ? [] : _entries.Values.Where(entry => entry.Session == leader.Pid || entry == leader))
            .DistinctBy(entry => entry.Pid)
            .ToDictionary(entry => entry.Pid);

        for (var open = new Queue<int>(tree.Keys); open.TryDequeue(out var pid);)
        {
            foreach (var child in _children.Value[pid])
            {
                if (tree.TryAdd(child.Pid, child))
                    open.Enqueue(child.Pid);
            }
        }

        return [.. tree.Values];
    }

    /// <summary>A variable that a process was started with; null where there is none, or it is not ours to read.</summary>
    public static string? EnvironmentOf(int pid, ReadOnlySpan<byte> nameAndEquals)
    {
        if (!OperatingSystem.IsLinux() || ReadProcFile($"/proc/{pid}/environ") is not { } bytes)
            return null;
        ReadOnlySpan<byte> rest = bytes;
        while (!rest.IsEmpty)
        {
            var end = rest.IndexOf((byte)0);
            var variable = end < 0 ? rest : rest[..end];
            if (variable.StartsWith(nameAndEquals))
                return Encoding.UTF8.GetString(variable[nameAndEquals.Length..]);
            rest = end < 0 ? [] : rest[(end + 1)..];
        }

        return null;
    }

    private static IEnumerable<ProcessEntry> ReadProc() => new DirectoryInfo("/proc").EnumerateDirectories()
        .Select(folder => int.TryParse(folder.Name, CultureInfo.InvariantCulture, out var pid) ? ReadStat(pid) : null)
        .OfType<ProcessEntry>();

    private static ProcessEntry? ReadStat(int pid) => ReadProcFile($"/proc/{pid}/stat") is { } bytes
        ? ProcessEntry.Parse(Encoding.UTF8.GetString(bytes).TrimEnd('\n'))
        : null;

    private static byte[]? ReadProcFile(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Ended meanwhile, or another user's.
            return null;
        }
    }

    private static List<ProcessEntry> ReadPs(string which)
    {
        var start = new ProcessStartInfo("/bin/ps", [which, "-o", ProcessEntry.PsFormat]) { RedirectStandardOutput = true };
        start.Environment["LC_ALL"] = "C";
        using var ps = Process.Start(start)!;
        var lines = ps.StandardOutput.ReadToEnd().Split('\n');
        ps.WaitForExit();
        return [.. lines.Select(ProcessEntry.Parse).OfType<ProcessEntry>()];
    }
}
