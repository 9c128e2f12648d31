using System.Diagnostics;
using System.Globalization;

namespace Aspire.Hosting.Stores;

/// <summary>What a Postgres cluster's folder says of itself.</summary>
internal static class PostgresData
{
    /// <summary>Null where there is no cluster.</summary>
    public static int? MajorVersion(string data)
    {
        var file = Path.Combine(data, "PG_VERSION");
        return File.Exists(file) && int.TryParse(File.ReadAllText(file).Split('.')[0], CultureInfo.InvariantCulture, out var version) ? version : null;
    }

    /// <summary>
    /// After a crash of everything its lock may name a number that some other process has by now: then Postgres
    /// would refuse to start. A lock whose process has ended is left to Postgres, which also looks for its children.
    /// </summary>
    /// <remarks>Nobody works in the folder: the caller has waited for that.</remarks>
    public static void RemoveForeignLock(string data)
    {
        var file = Path.Combine(data, "postmaster.pid");
        if (!OperatingSystem.IsLinux() || !File.Exists(file)) return;
        var line = File.ReadLines(file).FirstOrDefault();
        if (!int.TryParse(line, CultureInfo.InvariantCulture, out var pid) || Exists(Math.Abs(pid))) File.Delete(file);
    }

    private static bool Exists(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
