using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aigc.Engines.Gateway;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.Templates;
using Microsoft.Extensions.Options;

namespace Aigc.Worker.Kubernetes.Files;

/// <summary>Which engines show their disks, and with which key.</summary>
internal sealed class DiskContainers(IOptions<KubernetesOptions> options, IOptions<GatewayOptions> gateway)
{
    private const int FirstPort = 8791;

    private readonly byte[] _gatewayKey = Encoding.UTF8.GetBytes(gateway.Value.Key);
    private readonly KubernetesFilesOptions _files = options.Value.Files;

    public bool AreOn => _files.Image.Length > 0;

    /// <summary>Good for one engine's disk and nothing else: it says nothing of the gateway's own key, nor of another engine's.</summary>
    public string KeyOf(EngineId engine) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(_gatewayKey, Encoding.UTF8.GetBytes($"aigc-disk/{engine.Value}")));

    /// <summary>Null where there is no disk, and on the machine's own network, where it would be open to the machine's neighbours.</summary>
    public DiskContainer? For(EngineId engine, KubernetesRuntime spec)
    {
        if (!AreOn || spec.Volume is null || JsonObject.Create(spec.Pod).At("spec") is not { } pod || IsOnHostNetwork(pod))
            return null;
        return new(_files.Image, _files.PullSecret is { Length: > 0 } secret ? secret : null, KeyOf(engine), FreePort(pod, spec.Port));
    }

    public static bool IsOnHostNetwork(JsonNode? pod) => pod.At("hostNetwork")?.GetValueKind() == JsonValueKind.True;

    private static int FreePort(JsonNode pod, int engine)
    {
        var taken = pod.Items("containers").SelectMany(container => container.Items("ports")).Select(port => port.Number("containerPort")).Append(engine).ToHashSet();
        return Enumerable.Range(FirstPort, taken.Count + 1).First(port => !taken.Contains(port));
    }
}
