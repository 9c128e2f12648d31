using System.Diagnostics;
using Aigc.Testing;

namespace Aigc.Cluster.Tests.Publishing;

/// <summary>Commands as an administrator types them, in a folder that is gone afterwards, on the cluster of <c>KUBECONFIG</c>.</summary>
internal sealed class Shell : IDisposable
{
    /// <summary>The trait of tests that only a real cluster can answer; <c>./test</c> leaves them out where there is none.</summary>
    public const string Cluster = "Cluster";
    public const string Real = "real";

    /// <summary>The AppHost is built already; and where images cannot be pulled nobody waits for pods.</summary>
    private const string Preamble = """
        set -euo pipefail
        dotnet() { if [ "$1" = run ]; then shift 4; command dotnet exec "$APPHOST" "$@"; else command dotnet "$@"; fi; }
        kubectl() {
            case " $* " in *" rollout "*) command kubectl get nodes -o name | grep -q fake-node || return 0;; esac
            command kubectl "$@"
        }

        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("aigc-deploy-");

    public string Folder => _folder.FullName;

    public async Task<string> RunAsync(string commands)
    {
        if (Environment.GetEnvironmentVariable("KUBECONFIG") is not { Length: > 0 })
            throw new InvalidOperationException("These tests need a cluster: set KUBECONFIG, or run ./test --cluster.");
        var start = new ProcessStartInfo("bash", ["-c", Preamble + commands]) { WorkingDirectory = Folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["APPHOST"] = Repository.ProgramOf("Aigc.AppHost");
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0, $"{commands}\n{output}\n{await errors}");
        return output.Trim();
    }

    /// <summary>Such as <c>1.20</c>.</summary>
    public Task<string> VersionAsync() => RunAsync("kubectl get --raw /version | sed -nE 's/.*\"gitVersion\": *\"v([0-9]+\\.[0-9]+).*/\\1/p'");

    public void Dispose() => _folder.Delete(recursive: true);
}
