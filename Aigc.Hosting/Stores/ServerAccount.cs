using System.Globalization;
using Aspire.Hosting.Running;

namespace Aspire.Hosting.Stores;

/// <summary>The account that a server runs as. Root's own would be too much for it, and Postgres refuses it.</summary>
internal sealed record ServerAccount(string Name, int User, int Group, string Dropper)
{
    private static readonly string[] Preferred = ["postgres", "redis", "nobody"];

    public IReadOnlyList<string> Run(IReadOnlyList<string> command) => Dropper.EndsWith("setpriv", StringComparison.Ordinal)
        ? [Dropper, $"--reuid={User}", $"--regid={Group}", "--init-groups", .. command]
        : [Dropper, "-u", Name, "--", .. command];

    /// <summary>Null when there is none to drop to.</summary>
    public static ServerAccount? Find(ProgramPath programs)
    {
        if ((programs.Find("setpriv") ?? programs.Find("runuser")) is not { } dropper || !File.Exists("/etc/passwd")) return null;
        var accounts = File.ReadLines("/etc/passwd").Select(line => line.Split(':')).Where(fields => fields.Length >= 4).ToLookup(fields => fields[0]);
        return Preferred.Select(name => accounts[name].FirstOrDefault()).OfType<string[]>()
            .Select(fields => new ServerAccount(fields[0], Number(fields[2]), Number(fields[3]), dropper))
            .FirstOrDefault();
    }

    /// <summary>Gives the folder and everything in it to the account; links are not followed.</summary>
    public async Task OwnAsync(string folder, TimeProvider time, CancellationToken cancellationToken) =>
        await Command.RunAsync(["chown", "-R", "-h", string.Create(CultureInfo.InvariantCulture, $"{User}:{Group}"), folder], TimeSpan.FromMinutes(1), time, cancellationToken);

    public async Task<bool> ReachesAsync(string folder, TimeProvider time, CancellationToken cancellationToken) =>
        await Command.RunAsync(Run(["test", "-w", folder]), TimeSpan.FromSeconds(10), time, cancellationToken) is { Succeeded: true };

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
