using Aspire.Hosting.Running;

namespace Aspire.Hosting.Stores;

/// <summary>Where a server of this machine keeps its data, and whom it runs as: this user, or with root's rights another.</summary>
internal sealed record ServerFolder(string Path, ServerAccount? Account, TimeProvider Time)
{
    /// <summary>The server's own working folder, whose users <see cref="FolderUsers"/> finds.</summary>
    public string Data => System.IO.Path.Combine(Path, "data");

    public Task OwnAsync(CancellationToken cancellationToken) => Account?.OwnAsync(Path, Time, cancellationToken) ?? Task.CompletedTask;

    public IReadOnlyList<string> AsAccount(IReadOnlyList<string> command) => Account?.Run(command) ?? command;

    public ProcessSpec Process(IReadOnlyList<string> command)
    {
        var complete = AsAccount(command);
        var environment = Environment.GetEnvironmentVariables().Keys.Cast<string>().ToDictionary(key => key, key => Environment.GetEnvironmentVariable(key) ?? "");

        // Messages in one language, and no locale that this machine may lack.
        environment["LC_ALL"] = "C";
        return new(complete[0], [.. complete.Skip(1)], Path, environment);
    }

    /// <summary>Why the account cannot work there; null when it can. Creates the folder.</summary>
    public async Task<string?> ObstacleAsync(CancellationToken cancellationToken)
    {
        PrivateFile.CreateFolder(Path);
        if (Account is null) return null;
        await OwnAsync(cancellationToken);
        if (await Account.ReachesAsync(Path, Time, cancellationToken)) return null;
        if (!Directory.EnumerateFileSystemEntries(Path).Any()) Directory.Delete(Path);
        return $"run by root, servers run as {Account.Name}, who cannot reach {Path}: let others pass through the folders above it (chmod o+x), or choose another data folder";
    }
}
