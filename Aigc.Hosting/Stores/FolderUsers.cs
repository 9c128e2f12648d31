using System.Globalization;

namespace Aspire.Hosting.Stores;

/// <summary>
/// A server works inside its folder, so whoever does is a server of an earlier run on its way out, or of another
/// run. Two servers on one folder would destroy it.
/// </summary>
internal static class FolderUsers
{
    // An AppHost that was killed leaves its servers up to 10 s for the worker to end its engines, then 5 to end.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <exception cref="DistributedApplicationException">Somebody stays.</exception>
    public static async Task WaitUntilGoneAsync(string folder, Action<string> log, TimeProvider time, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        var told = false;
        while (Find(folder) is { } pid)
        {
            if (!told) log($"Waits for process {pid}, which still works in {folder}");
            told = true;
            if (time.GetElapsedTime(start) >= Patience)
                throw new DistributedApplicationException($"{folder} is in use by process {pid}. Does another run use the same data folder? End it, or choose another data folder.");
            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    /// <summary>Null where nobody does, or where the system does not tell.</summary>
    public static int? Find(string folder)
    {
        if (!OperatingSystem.IsLinux()) return null;
        foreach (var process in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(process), NumberStyles.None, CultureInfo.InvariantCulture, out var pid)) continue;
            try
            {
                if (File.ResolveLinkTarget($"{process}/cwd", returnFinalTarget: false)?.FullName == folder) return pid;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It has ended, or is somebody else's: ours are of this user, or this user is root.
            }
        }

        return null;
    }
}
