using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Aigc.Engines.Lifecycle;
using Aigc.Testing;
using Aigc.Worker.Kubernetes;
using Aigc.Worker.Kubernetes.Client;
using Aigc.Worker.Kubernetes.Files;

namespace Aigc.Cluster.Tests;

/// <summary>
/// Plays the container that shows an engine's disk, as a kubelet that runs one container only does not: with the environment and arguments
/// that the pod says, on the pod's address, with the folder behind its volume for what is mounted.
/// </summary>
internal sealed class PlayedDisk : IAsyncDisposable
{
    private readonly Process _process;

    private PlayedDisk(Process process, Uri address, string folder) => (_process, Address, Folder) = (process, address, folder);

    public Uri Address { get; }

    /// <summary>What is mounted.</summary>
    public string Folder { get; }

    /// <summary>For the engine's command, which alone knows where its volume is.</summary>
    public static string Tell(string notes) => $"echo \"$VOLUME_DATA\" > '{notes}'/$POD_NAME";

    /// <summary>Of an engine whose pod runs.</summary>
    public static async Task<PlayedDisk> StartAsync(TestCluster cluster, EngineId engine, string notes)
    {
        var pod = (await cluster.ObjectsAsync(ResourceKind.Pod, engine)).ShouldHaveSingleItem();
        var container = Container(pod);
        var folder = (await File.ReadAllTextAsync(Path.Combine(notes, PodView.From(pod).Name))).Trim();
        var mount = container.Items("volumeMounts").ShouldHaveSingleItem();
        mount.Text("name").ShouldBe("data");
        var port = container.Items("ports").ShouldHaveSingleItem().Number("containerPort")!.Value;
        var address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://{PodView.From(pod).Ip}:{port}"));
        var start = new ProcessStartInfo("dotnet", ["exec", Repository.ProgramOf("Aigc.Disk"), "--urls", address.ToString()]);
        foreach (var name in start.Environment.Keys.Except(["PATH", "HOME", "DOTNET_ROOT"]).ToList())
            start.Environment.Remove(name);
        foreach (var (name, value) in Variables(container))
            start.Environment[name] = value == mount.Text("mountPath") ? folder : value;
        var played = new PlayedDisk(Process.Start(start)!, address, folder);
        using var http = new HttpClient();
        await Eventually.TrueAsync("the disk is served", TimeSpan.FromSeconds(30), async () =>
        {
            try
            {
                return (await http.GetAsync(new Uri(address, "health"))).IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        });
        return played;
    }

    public static JsonObject Container(JsonObject pod) =>
        pod.At("spec").Items("containers").Where(container => container.Text("name") == DiskContainer.Name).ShouldHaveSingleItem();

    public static Dictionary<string, string> Variables(JsonObject container) =>
        container.Items("env").ToDictionary(variable => variable.Text("name")!, variable => variable.Text("value")!);

    /// <summary>As after a crash.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }
}
