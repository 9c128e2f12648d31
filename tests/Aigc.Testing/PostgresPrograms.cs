using System.Diagnostics;

namespace Aigc.Testing;

/// <summary>Where Postgres's programs are, and how they are run: never as root, which they refuse.</summary>
public sealed class PostgresPrograms
{
    private readonly string _folder;

    private PostgresPrograms(string folder) => _folder = folder;

    public static PostgresPrograms Find()
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        var debian = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").OrderByDescending(folder => int.TryParse(Path.GetFileName(folder), out var version) ? version : 0)
            : Enumerable.Empty<string>();
        var folder = path.Concat(debian.Select(version => Path.Combine(version, "bin"))).FirstOrDefault(HasAll);
        return folder is null
            ? throw new InvalidOperationException(
                "This test needs Postgres: neither PATH nor /usr/lib/postgresql/*/bin has the programs postgres, initdb, pg_dump and pg_restore. Install the package postgresql; ./test does it.")
            : new(folder);
    }

    /// <summary>Runs a program such as <c>pg_dump</c> to its end, as the user of the tests.</summary>
    /// <returns>What it printed.</returns>
    public Task<string> RunAsync(string program, string[] arguments, params (string Name, string Value)[] environment) =>
        RunAsync([Path.Combine(_folder, program), .. arguments], environment);

    /// <summary>Starts a program that goes on running; its words go to a file.</summary>
    public Process Start(string program, string[] arguments, string logFile)
    {
        string[] command = [.. AsUser(), Path.Combine(_folder, program), .. arguments];
        // exec: the process that is signalled is the program itself.
        return Process.Start("sh", ["-c", "log=$1; shift; exec \"$@\" >>\"$log\" 2>&1 </dev/null", "sh", logFile, .. command]);
    }

    private static bool HasAll(string folder) =>
        new[] { "postgres", "initdb", "pg_dump", "pg_restore" }.All(program => File.Exists(Path.Combine(folder, program)));

    internal static Task MakeFolderAsync(string folder) =>
        RunAsync(Environment.IsPrivilegedProcess ? ["install", "-d", "-m", "700", "-o", "postgres", "-g", "postgres", folder] : ["install", "-d", "-m", "700", folder]);

    internal async Task InitializeAsync(string folder, string user, string password)
    {
        var passwordFile = Path.Combine(folder, "password");
        await File.WriteAllTextAsync(passwordFile, password);
        await RunAsync(
        [
            .. AsUser(), Path.Combine(_folder, "initdb"), "-D", Path.Combine(folder, "data"), "-U", user, $"--pwfile={passwordFile}",
            "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync",
        ]);
    }

    private static string[] AsUser() =>
        Environment.IsPrivilegedProcess ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] : [];

    private static async Task<string> RunAsync(string[] command, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? await output
            : throw new InvalidOperationException($"{command[0]} ended with {process.ExitCode}: {await output}{await errors}");
    }
}
