using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Stores;

/// <summary>
/// A run on servers with a database file still in its data folder: whoever does not find their things there is told where
/// they are, how to move them, and how to go back.
/// </summary>
/// <param name="Command">From <c>Hosting:StoresMove</c>: <c>{program}</c> (<c>Hosting:StoresMoveProgram</c>), <c>{from}</c> and <c>{to}</c> are filled in.</param>
internal sealed record LeftInFiles(string File, StoreServer Server, string Database, bool ServersAreNew, string Setting, string Command, string Program)
{
    /// <returns>Null when there is no such file, or nobody said how to move it.</returns>
    public static LeftInFiles? Find(StoreData data, StoreChoice choice, bool hadServers, StoreSetting setting, IConfiguration configuration)
    {
        if (configuration["Hosting:StoresMove"] is not { Length: > 0 } command || data is not { File: { } file, FiledDatabase: { } database }) return null;
        var server = choice.Servers.FirstOrDefault(started => started.Resource == database.Parent).Server;
        // Of a container's volume the folder tells nothing.
        var areNew = !hadServers && choice.Kind == StoreKind.Machine;
        return server is null ? null : new(file, server, database.DatabaseName, areNew, setting.Name, command, configuration["Hosting:StoresMoveProgram"] ?? "");
    }

    public IReadOnlyList<string> Lines()
    {
        var (begin, end) = ServersAreNew
            ? ($"These servers begin empty. This installation's data are in {File}: until they are moved, the product looks empty, and {Setting}=embedded goes back to them.",
                "Before anybody takes or makes anything here, run this beside it, then end it and start it again:")
            : ($"{File} has data from before these servers. If they have been moved, put that file away, and this is not said again.",
                "If they have not, and nobody has taken or made anything here, run this beside it, then end it and start it again:");
        return [begin, end, $"  {CommandLine()}"];
    }

    private string CommandLine()
    {
        var complete = Command
            .Replace("{program}", Quoted(Program), StringComparison.Ordinal)
            .Replace("{from}", Quoted($"Data Source={File}"), StringComparison.Ordinal)
            .Replace("{to}", Quoted($"{Server.Address};Database={Database}"), StringComparison.Ordinal);
        // The password in no list of processes and in no history.
        return OperatingSystem.IsWindows()
            ? $"$env:PGPASSWORD = Get-Content {Quoted(Server.PasswordFile)}; {complete}"
            : $"PGPASSWORD=\"$(cat {Quoted(Server.PasswordFile)})\" {complete}";
    }

    // As sh and PowerShell have it.
    private static string Quoted(string text) =>
        $"'{text.Replace("'", OperatingSystem.IsWindows() ? "''" : "'\\''", StringComparison.Ordinal)}'";
}
