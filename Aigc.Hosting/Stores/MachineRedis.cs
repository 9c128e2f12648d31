using System.Globalization;
using Aspire.Hosting.Running;

namespace Aspire.Hosting.Stores;

/// <summary>A redis-server of this machine, on a loopback port of its own.</summary>
internal sealed class MachineRedis(string program, Version version, ServerFolder folder, EndpointAnnotation endpoint, RedisAccess access)
    : StoreServer(endpoint, access)
{
    public override string Title => $"redis-server {version}";

    public override string StopSignal => "TERM";

    public override string PasswordFile => StorePassword.PathIn(folder.Path);

    public override async Task<ProcessSpec> PrepareAsync(Action<string> log, CancellationToken cancellationToken)
    {
        PrivateFile.CreateFolder(folder.Path);
        PrivateFile.CreateFolder(folder.Data);
        await FolderUsers.WaitUntilGoneAsync(folder.Data, log, folder.Time, cancellationToken);
        StorePassword.Keep(folder.Path, access.Password);
        var settings = Path.Combine(folder.Path, "redis.conf");
        PrivateFile.Write(settings, Settings());
        await folder.OwnAsync(cancellationToken);
        return folder.Process([program, settings]);
    }

    // Every write is in the append-only file before it is answered; a crash of the server alone loses nothing.
    private string Settings()
    {
        List<string> lines =
        [
            "bind 127.0.0.1",
            string.Create(CultureInfo.InvariantCulture, $"port {Port}"),
            $"requirepass {Quoted(access.Password)}",
            $"dir {Quoted(folder.Data)}",
            "appendonly yes",
            "appendfsync everysec",
            "save \"\"",
            "daemonize no",
        ];

        // Otherwise it writes its title over the environment that tells whose it is.
        if (version.Major >= 7) lines.Add("set-proc-title no");
        return string.Join('\n', lines) + "\n";
    }

    private static string Quoted(string text) =>
        $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
