using System.Globalization;
using System.Text.RegularExpressions;
using Aspire.Hosting.Running;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Stores;

/// <summary>The servers that are installed on this machine.</summary>
internal sealed partial class MachineServers(ProgramPath programs, IConfiguration configuration, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public async Task<(string Program, Version Version)?> RedisAsync(CancellationToken cancellationToken)
    {
        foreach (var program in Candidates(["/opt/homebrew/bin", "/usr/local/bin"], "redis-server"))
        {
            var result = await Command.RunAsync([program, "--version"], Patience, time, cancellationToken);
            if (RedisVersion().Match(result?.Output ?? "") is { Success: true } match) return (program, Version.Parse(match.Groups[1].Value));
        }

        return null;
    }

    /// <summary>Every Postgres with what a cluster needs, the newest first.</summary>
    public async Task<IReadOnlyList<(string Folder, int Version)>> PostgresAsync(CancellationToken cancellationToken)
    {
        List<string> roots = [.. Below("/usr/lib/postgresql", "*", "bin"), .. Below("/usr", "pgsql-*", "bin")];
        foreach (var brew in new[] { "/opt/homebrew", "/usr/local" }) roots.AddRange([.. Below($"{brew}/opt", "postgresql*", "bin"), $"{brew}/bin"]);
        var found = new Dictionary<int, string>();
        foreach (var program in Candidates(roots, "postgres"))
        {
            var folder = Path.GetDirectoryName(program)!;
            if (!File.Exists(Path.Combine(folder, "initdb"))) continue;
            var result = await Command.RunAsync([program, "--version"], Patience, time, cancellationToken);
            if (PostgresVersion().Match(result?.Output ?? "") is { Success: true } match)
                found.TryAdd(int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture), folder);
        }

        return [.. found.OrderByDescending(version => version.Key).Select(version => (version.Value, version.Key))];
    }

    // PATH first; Hosting:ServerFolders replaces both it and the usual places.
    private IEnumerable<string> Candidates(IEnumerable<string> usual, string program)
    {
        var folders = configuration["Hosting:ServerFolders"] is { } own ? own.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries) : [.. programs.Folders, .. usual];
        return folders.Select(folder => Path.Combine(folder, program)).Where(File.Exists).Distinct();
    }

    private static IEnumerable<string> Below(string root, string pattern, string folder) => Directory.Exists(root)
        ? Directory.EnumerateDirectories(root, pattern).Select(found => Path.Combine(found, folder))
        : [];

    [GeneratedRegex(@"v=(\d+\.\d+\.\d+)")]
    private static partial Regex RedisVersion();

    [GeneratedRegex(@"\(PostgreSQL\) (\d+)")]
    private static partial Regex PostgresVersion();
}
