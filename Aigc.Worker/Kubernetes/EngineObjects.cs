using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.Pools;
using Aigc.Engines.Templates;
using Aigc.Worker.Kubernetes.Client;
using Aigc.Worker.Kubernetes.Files;
using Aigc.Worker.Runtimes;

namespace Aigc.Worker.Kubernetes;

/// <summary>What the cluster shall have for one engine.</summary>
internal static class EngineObjects
{
    /// <summary>The name of the volume that is the engine's disk.</summary>
    public const string Disk = "data";

    /// <summary>Where clouds tell a machine, and whoever runs on it, its secrets.</summary>
    private const string MetadataAddress = "169.254.169.254/32";
    private const string MetadataAddress6 = "fd00:ec2::254/128";

    /// <summary>All but the Deployment; the disk first.</summary>
    public static readonly IReadOnlyList<ResourceKind> Parts =
        [ResourceKind.PersistentVolumeClaim, ResourceKind.ServiceAccount, ResourceKind.NetworkPolicy, ResourceKind.Service];

    public static string Selector(EngineId engine) => $"{Marks.EngineLabel}={engine.Value}";

    /// <param name="disk">What shows its disk; null: nothing.</param>
    /// <returns>Null where the engine needs none.</returns>
    public static JsonObject? Part(ResourceKind kind, StartRequest request, KubernetesRuntime spec, DiskContainer? disk, KubernetesOptions options)
    {
        var part = kind == ResourceKind.PersistentVolumeClaim ? spec.Volume is { } volume ? Spec(Claim(volume)) : null
            : kind == ResourceKind.ServiceAccount ? new() { ["automountServiceAccountToken"] = false }
            : kind == ResourceKind.NetworkPolicy ? Spec(NetworkPolicy(request.Engine, Ports(spec.Port, disk?.Port, request.Template.Busy?.Port), options))
            : Spec(Service(request.Engine, spec.Port));
        if (part is null)
            return null;
        part["metadata"] = Metadata(request);
        part["metadata"]!["annotations"]![Marks.Applied] = HashOf(part);
        return part;
    }

    /// <param name="disk">What shows its disk; null: nothing.</param>
    /// <param name="before">As it was seen: it is changed only if it still is. Null: there is none.</param>
    public static JsonObject Deployment(
        StartRequest request, KubernetesRuntime spec, DiskContainer? disk, string run, DateTimeOffset now, Aigc.Engines.Leading.Term term, string? before)
    {
        var metadata = Metadata(request);
        var annotations = Beginning(request, spec, run, now, term);
        annotations[Marks.StoppedAt] = "";
        annotations[Marks.Pod] = "";
        annotations[Marks.PodStartedAt] = "";
        metadata["annotations"] = annotations;
        if (before is not null)
            metadata["resourceVersion"] = before;
        return new()
        {
            ["metadata"] = metadata,
            ["spec"] = new JsonObject
            {
                ["replicas"] = 1,
                ["revisionHistoryLimit"] = 0,
                // What is slow to start is our readiness probe's affair.
                ["progressDeadlineSeconds"] = int.MaxValue,
                ["strategy"] = new JsonObject { ["type"] = "Recreate" },
                ["selector"] = new JsonObject { ["matchLabels"] = Mine(request.Engine) },
                ["template"] = Pod(request, spec, disk),
            },
        };
    }

    /// <summary>A pod by itself, which no Deployment holds on to: it can be given to another engine.</summary>
    public static JsonObject Spare(StartRequest request, KubernetesRuntime spec, string run, DateTimeOffset now, Aigc.Engines.Leading.Term term)
    {
        var pod = Pod(request, spec, disk: null);
        var metadata = pod["metadata"]!;
        metadata["name"] = $"{Marks.NameOf(request.Engine)}-{run[..8]}";
        foreach (var (name, value) in Beginning(request, spec, run, now, term))
            metadata["annotations"]![name] = value?.DeepClone();
        return new() { ["apiVersion"] = ResourceKind.Pod.ApiVersion, ["kind"] = ResourceKind.Pod.Kind, ["metadata"] = metadata.DeepClone(), ["spec"] = pod["spec"]!.DeepClone() };
    }

    /// <summary>What makes a spare's pod the pod of another engine, if it is still as it was seen.</summary>
    public static JsonObject Given(PodView spare, StartRequest to, KubernetesRuntime spec, string run, DateTimeOffset now, Aigc.Engines.Leading.Term term) => new()
    {
        ["metadata"] = new JsonObject
        {
            ["resourceVersion"] = spare.Version,
            ["labels"] = Mine(to.Engine),
            ["annotations"] = Beginning(to, spec, run, now, term),
        },
    };

    private static JsonObject Beginning(StartRequest request, KubernetesRuntime spec, string run, DateTimeOffset now, Aigc.Engines.Leading.Term term)
    {
        var annotations = People(request);
        annotations[Marks.Run] = run;
        annotations[Marks.Generation] = request.Generation.ToString(CultureInfo.InvariantCulture);
        annotations[Marks.Port] = spec.Port.ToString(CultureInfo.InvariantCulture);
        annotations[Marks.StartedAt] = Marks.Text(now);
        annotations[Marks.Term] = term.ToString();
        return annotations;
    }

    private static JsonObject Pod(StartRequest request, KubernetesRuntime spec, DiskContainer? disk)
    {
        var pod = JsonObject.Create(spec.Pod)!;
        var metadata = Child(pod, "metadata");
        foreach (var (name, value) in Labels(request.Engine))
            Child(metadata, "labels")[name] = value?.DeepClone();
        foreach (var (name, value) in People(request))
            Child(metadata, "annotations")[name] = value?.DeepClone();

        var body = Child(pod, "spec");
        body["serviceAccountName"] ??= body.Text("serviceAccount") ?? Marks.NameOf(request.Engine);
        body["automountServiceAccountToken"] ??= false;
        body["enableServiceLinks"] ??= false;
        body["terminationGracePeriodSeconds"] = (long)Math.Ceiling(Math.Max(1, request.Template.StopTimeout.TotalSeconds));
        var engine = body["containers"]![0]!.AsObject();
        if (spec.Volume is { } volume)
        {
            List(body, "volumes").Add((JsonNode)new JsonObject
            {
                ["name"] = Disk,
                ["persistentVolumeClaim"] = new JsonObject { ["claimName"] = Marks.NameOf(request.Engine) },
            });
            if (!engine.Items("volumeMounts").Any(mount => mount.Text("name") == Disk))
                List(engine, "volumeMounts").Add((JsonNode)new JsonObject { ["name"] = Disk, ["mountPath"] = volume.MountPath });
        }

        disk?.AddTo(body, Disk);
        if (request.Pool is { } pool)
            Place(body, pool);

        // A pod that was deleted is replaced at once, while it may still be running: the scheduler keeps the new one waiting, anywhere in
        // the cluster, until the old one is gone. So no two pods ever share a disk, whatever the disk would allow.
        // A spare has no disk, and what was given away must not keep its place from the next one.
        if (!request.IsSpare)
        {
            List(Child(Child(body, "affinity"), "podAntiAffinity"), "requiredDuringSchedulingIgnoredDuringExecution").Add((JsonNode)new JsonObject
            {
                ["labelSelector"] = new JsonObject { ["matchLabels"] = Mine(request.Engine) },
                ["topologyKey"] = "kubernetes.io/os",
            });
        }

        foreach (var container in body.Items("containers").Concat(body.Items("initContainers")))
            Plain(container);
        return pod;
    }

    /// <summary>On the pool's machines: what the template says of machines besides stays.</summary>
    private static void Place(JsonObject body, Pool pool)
    {
        foreach (var (label, value) in pool.NodeSelector)
            Child(body, "nodeSelector")[label] = value;
        foreach (var toleration in pool.Tolerations?.EnumerateArray() ?? default)
        {
            var one = JsonObject.Create(toleration)!;
            if (!body.Items("tolerations").Any(other => JsonNode.DeepEquals(other, one)))
                List(body, "tolerations").Add((JsonNode)one);
        }
    }

    /// <summary>For servers that do not fill in what identifies a list's items, and take quantities for texts only.</summary>
    private static void Plain(JsonObject container)
    {
        foreach (var port in container.Items("ports"))
            port["protocol"] ??= "TCP";
        foreach (var quantities in (string[])["requests", "limits"])
        {
            if (container.At("resources").At(quantities) is not JsonObject all)
                continue;
            foreach (var (name, value) in all.ToList())
                all[name] = value?.ToString();
        }
    }

    private static JsonObject Spec(JsonObject spec) => new() { ["spec"] = spec };

    private static JsonObject Claim(KubernetesVolume volume)
    {
        var claim = new JsonObject
        {
            ["accessModes"] = new JsonArray(volume.AccessMode),
            ["resources"] = new JsonObject { ["requests"] = new JsonObject { ["storage"] = volume.Size } },
        };
        if (volume.Class is { } name)
            claim["storageClassName"] = name;
        return claim;
    }

    private static JsonObject Service(EngineId engine, int port) => new()
    {
        ["selector"] = Mine(engine),
        ["ports"] = new JsonArray(new JsonObject { ["name"] = "http", ["port"] = 80, ["targetPort"] = port, ["protocol"] = "TCP" }),
    };

    /// <summary>Only the gateway gets in: the proxy with people's requests, the worker with its probes. Everything is reachable from inside but the machine's secrets.</summary>
    private static JsonObject NetworkPolicy(EngineId engine, int[] ports, KubernetesOptions options)
    {
        var gateway = new JsonObject { ["podSelector"] = Matching(options.GatewayPods) };
        if (options.GatewayNamespace.Count > 0)
            gateway["namespaceSelector"] = Matching(options.GatewayNamespace);
        return new()
        {
            ["podSelector"] = new JsonObject { ["matchLabels"] = Mine(engine) },
            ["policyTypes"] = new JsonArray("Ingress", "Egress"),
            ["ingress"] = new JsonArray(new JsonObject
            {
                ["from"] = new JsonArray(gateway),
                ["ports"] = new JsonArray([.. ports.Select(port => new JsonObject { ["protocol"] = "TCP", ["port"] = port })]),
            }),
            ["egress"] = new JsonArray(new JsonObject
            {
                ["to"] = new JsonArray(
                    new JsonObject { ["ipBlock"] = new JsonObject { ["cidr"] = "0.0.0.0/0", ["except"] = new JsonArray(MetadataAddress) } },
                    new JsonObject { ["ipBlock"] = new JsonObject { ["cidr"] = "::/0", ["except"] = new JsonArray(MetadataAddress6) } }),
            }),
        };
    }

    /// <summary>Where the engine listens, what shows its disk, and where a busy probe connects.</summary>
    private static int[] Ports(int engine, int? disk, int? probe) => [.. new[] { engine, disk, probe }.OfType<int>().Distinct()];

    private static JsonObject Matching(IReadOnlyDictionary<string, string> labels) =>
        new() { ["matchLabels"] = new JsonObject(labels.Select(label => KeyValuePair.Create(label.Key, (JsonNode?)label.Value))) };

    private static JsonObject Metadata(StartRequest request) => new()
    {
        ["name"] = Marks.NameOf(request.Engine),
        ["labels"] = Labels(request.Engine),
        ["annotations"] = People(request),
    };

    private static JsonObject Mine(EngineId engine) => new() { [Marks.EngineLabel] = engine.Value };

    private static JsonObject Labels(EngineId engine) => new() { [Marks.EngineLabel] = engine.Value, [Marks.ManagedByLabel] = Marks.ManagedBy };

    /// <summary>Annotations, as they may hold any text.</summary>
    private static JsonObject People(StartRequest request) =>
        new() { [Marks.Owner] = request.Owner.Value, [Marks.Group] = request.Group.Value ?? "", [Marks.Host] = request.Host };

    private static JsonObject Child(JsonObject node, string name)
    {
        if (node[name] is JsonObject child)
            return child;
        node[name] = child = [];
        return child;
    }

    private static JsonArray List(JsonObject node, string name)
    {
        if (node[name] is JsonArray list)
            return list;
        node[name] = list = [];
        return list;
    }

    private static string HashOf(JsonObject whole) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(whole.ToJsonString())))[..16];
}
