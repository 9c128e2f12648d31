using System.Diagnostics;

namespace Aigc.Testing.OpenId;

/// <summary>What tests need from npm: installed once for each set of versions, and shared by all runs of this machine.</summary>
public static class NodePackages
{
    private static readonly TimeSpan InstallBudget = TimeSpan.FromMinutes(3);
    private static readonly SemaphoreSlim Installing = new(1, 1);

    /// <returns>The folder that <c>node_modules</c> is in.</returns>
    public static async Task<string> InstallAsync(params string[] packages)
    {
        var folder = Path.Combine(Path.GetTempPath(), $"aigc-npm-{string.Join('-', packages).Replace('/', '_').Replace('@', '-')}");
        await Installing.WaitAsync();
        try
        {
            if (!Directory.Exists(folder))
                await InstallAsync(folder, packages);
            return folder;
        }
        finally
        {
            Installing.Release();
        }
    }

    private static async Task InstallAsync(string folder, string[] packages)
    {
        // Renamed when complete: a run that was cut off leaves no half of it, and of two at once one is in time.
        var started = Directory.CreateTempSubdirectory("aigc-npm-new-").FullName;
        using var npm = Process.Start(new ProcessStartInfo(
            "npm", ["install", "--prefix", started, "--no-audit", "--no-fund", "--no-update-notifier", "--silent", .. packages]))!;
        await npm.WaitForExitAsync(new CancellationTokenSource(InstallBudget).Token);
        if (npm.ExitCode != 0)
            throw new InvalidOperationException($"npm install {string.Join(' ', packages)} ended with {npm.ExitCode}. These tests need Node 20 or newer, npm and its registry.");
        try
        {
            Directory.Move(started, folder);
        }
        catch (IOException) when (Directory.Exists(folder))
        {
            Directory.Delete(started, recursive: true);
        }
    }
}
