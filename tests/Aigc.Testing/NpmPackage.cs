using System.Diagnostics;

namespace Aigc.Testing;

/// <summary>A package of npm, installed once on this machine for all tests, and scripts that use it.</summary>
public static class NpmPackage
{
    private static readonly TimeSpan InstallBudget = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan ScriptBudget = TimeSpan.FromSeconds(30);

    /// <summary>The folder whose <c>node_modules</c> has it.</summary>
    /// <param name="package">With its version, such as <c>jose@6.1.0</c>.</param>
    public static async Task<string> InstallAsync(string package)
    {
        var folder = Path.Combine(Path.GetTempPath(), "aigc-npm", package.Replace('/', '-'));
        if (Directory.Exists(folder))
            return folder;
        var making = Directory.CreateTempSubdirectory("aigc-npm-").FullName;
        await RunAsync("npm", making, InstallBudget, "install", "--prefix", making, "--no-audit", "--no-fund", "--no-update-notifier", package);
        Directory.CreateDirectory(Path.GetDirectoryName(folder)!);
        try
        {
            Directory.Move(making, folder);
        }
        catch (IOException) when (Directory.Exists(folder))
        {
            // Another run was faster.
            Directory.Delete(making, recursive: true);
        }
        return folder;
    }

    /// <summary>What a module of JavaScript prints that may import the package.</summary>
    public static async Task<string> RunScriptAsync(string package, string script, params string[] arguments) =>
        await RunAsync("node", await InstallAsync(package), ScriptBudget, ["--input-type=module", "-e", script, "--", .. arguments]);

    private static async Task<string> RunAsync(string program, string folder, TimeSpan budget, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        try
        {
            await process.WaitForExitAsync().WaitAsync(budget);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
        return process.ExitCode == 0
            ? await output
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {await errors}");
    }
}
