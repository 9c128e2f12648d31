using System.Globalization;
using System.Text.Json.Nodes;
using Aigc.Engines.Templates;

namespace Aigc.Worker.Kubernetes.Files;

/// <summary>The container of ours beside an engine: it shows the engine's disk to the gateway.</summary>
/// <param name="PullSecret">What opens the image's registry; null: nothing has to.</param>
/// <param name="Key">What opens this engine's disk.</param>
/// <param name="Port">Of the pod, and nobody else's in it.</param>
internal sealed record DiskContainer(string Image, string? PullSecret, string Key, int Port)
{
    public const string Name = PodRules.DiskContainer;

    private const string MountPath = "/disk";

    /// <summary>The user <c>app</c> of Microsoft's images.</summary>
    private const long AppUser = 1654;

    /// <summary>Who the engine is, is told by its container, else by its pod.</summary>
    private static readonly string[] Identity = ["runAsUser", "runAsGroup", "seLinuxOptions"];

    /// <param name="volume">The name of the volume that is the disk.</param>
    public void AddTo(JsonObject pod, string volume)
    {
        var containers = pod["containers"]!.AsArray();
        var security = SecurityFor(containers[0].At("securityContext"), pod.At("securityContext"));
        containers.Add((JsonNode)Json(volume, security));
        if (PullSecret is null || pod.Items("imagePullSecrets").Any(secret => secret.Text("name") == PullSecret))
            return;
        pod["imagePullSecrets"] ??= new JsonArray();
        pod["imagePullSecrets"]!.AsArray().Add((JsonNode)new JsonObject { ["name"] = PullSecret });
    }

    private JsonObject Json(string volume, JsonObject security) => new()
    {
        ["name"] = Name,
        ["image"] = Image,
        ["env"] = new JsonArray(
            Variable("HTTP_PORTS", Port.ToString(CultureInfo.InvariantCulture)), Variable("Disk__Path", MountPath), Variable("Disk__Key", Key)),
        ["ports"] = new JsonArray(new JsonObject { ["name"] = Name, ["containerPort"] = Port }),
        ["volumeMounts"] = new JsonArray(new JsonObject { ["name"] = volume, ["mountPath"] = MountPath }),
        // Not ready is never said: it is nobody's business but the kubelet's.
        ["livenessProbe"] = new JsonObject
        {
            ["httpGet"] = new JsonObject { ["path"] = "/health", ["port"] = Port },
            ["periodSeconds"] = 60,
            ["timeoutSeconds"] = 10,
        },
        ["resources"] = new JsonObject
        {
            ["requests"] = new JsonObject { ["cpu"] = "10m", ["memory"] = "64Mi" },
            ["limits"] = new JsonObject { ["cpu"] = "1", ["memory"] = "128Mi" },
        },
        ["securityContext"] = security,
    };

    /// <summary>The rights of the engine's own user on its files, and no others.</summary>
    private static JsonObject SecurityFor(JsonNode? engine, JsonNode? pod)
    {
        var security = new JsonObject
        {
            ["allowPrivilegeEscalation"] = false,
            ["capabilities"] = new JsonObject { ["drop"] = new JsonArray("ALL") },
            ["readOnlyRootFilesystem"] = true,
            ["seccompProfile"] = new JsonObject { ["type"] = "RuntimeDefault" },
        };
        foreach (var field in Identity)
        {
            if ((engine.At(field) ?? pod.At(field))?.DeepClone() is { } said)
                security[field] = said;
        }

        // Nobody says: most images run as root, and what root wrote is root's to change, capabilities or not.
        security["runAsUser"] ??= IsTrue(engine.At("runAsNonRoot") ?? pod.At("runAsNonRoot")) ? AppUser : 0;
        security["runAsNonRoot"] = security.Number("runAsUser") != 0;
        return security;
    }

    private static bool IsTrue(JsonNode? node) => node is JsonValue value && value.TryGetValue<bool>(out var on) && on;

    private static JsonObject Variable(string name, string value) => new() { ["name"] = name, ["value"] = value };
}
