using Aigc.Engines.Lifecycle;
using Aigc.Worker.Runtimes;

namespace Aigc.Worker.Local;

/// <summary>What lies on a local disk, in whole mebibytes. To count it takes reading all its folders, so that is done once an hour.</summary>
public sealed class LocalDiskSizes(DataFolder data) : IDiskSizes
{
    private const long Mebibyte = 1 << 20;

    private static readonly EnumerationOptions Everything = new() { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.ReparsePoint };

    public TimeSpan GoodFor => TimeSpan.FromHours(1);

    public Task<long?> SizeAsync(EngineId engine, CancellationToken cancellationToken) => Task.Run<long?>(
        () =>
        {
            var disk = new DirectoryInfo(data.DiskOf(engine));
            if (!disk.Exists)
                return 0;
            var bytes = 0L;
            foreach (var file in disk.EnumerateFiles("*", Everything))
            {
                cancellationToken.ThrowIfCancellationRequested();
                bytes += LengthOf(file);
            }

            return Math.Max(1, (bytes + Mebibyte - 1) / Mebibyte) * Mebibyte;
        },
        cancellationToken);

    private static long LengthOf(FileInfo file)
    {
        try
        {
            return file.Length;
        }
        catch (FileNotFoundException)
        {
            // Its engine has removed it meanwhile.
            return 0;
        }
    }
}
