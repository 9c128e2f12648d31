using System.Globalization;

namespace Aigc.Worker.Local;

/// <summary>One line of the process table: of <c>/proc/{pid}/stat</c> on Linux, of <see cref="PsFormat"/> elsewhere.</summary>
/// <param name="Session">Linux: the session; elsewhere the process group.</param>
/// <param name="Started">When it started, in the system's own words; with the pid it names a process for as long as the machine is up.</param>
/// <param name="Ended">A process that nobody has waited for yet.</param>
internal sealed record ProcessEntry(int Pid, int Parent, int Session, string Started, bool Ended)
{
    public const string PsFormat = "pid=,ppid=,pgid=,stat=,lstart=";

    public bool IsSameAs(ProcessEntry other) => Pid == other.Pid && Started == other.Started;

    public static ProcessEntry? Parse(string line)
    {
        // The name stands in parentheses and may itself hold spaces and parentheses.
        var name = line.LastIndexOf(')');
        return name < 0 ? ParsePs(line) : ParseStat(line, name);
    }

    private static ProcessEntry? ParseStat(string line, int name)
    {
        var fields = line[(name + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length > 19 && Number(line.AsSpan(0, Math.Max(line.IndexOf(' '), 0))) is { } pid
            && Number(fields[1]) is { } parent && Number(fields[3]) is { } session
            ? new(pid, parent, session, fields[19], fields[0] is "Z" or "X")
            : null;
    }

    private static ProcessEntry? ParsePs(string line)
    {
        var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length > 4 && Number(fields[0]) is { } pid && Number(fields[1]) is { } parent && Number(fields[2]) is { } group
            ? new(pid, parent, group, string.Join(' ', fields[4..]), fields[3].StartsWith('Z'))
            : null;
    }

    private static int? Number(ReadOnlySpan<char> text) => int.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : null;
}
