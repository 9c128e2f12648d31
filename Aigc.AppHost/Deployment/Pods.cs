using Aspire.Hosting.Kubernetes;
using Aspire.Hosting.Kubernetes.Resources;

namespace Aigc.AppHost.Deployment;

/// <summary>How the three services and their stores run as pods.</summary>
internal static class Pods
{
    private const int Port = 8080;

    /// <summary>The user <c>app</c> of Microsoft's images.</summary>
    private const long AppUser = 1654;

    /// <summary>Until a pod that ends is out of every load balancer, in seconds.</summary>
    private const string Unlisted = "5";

    /// <param name="replicas">Null: as many as the autoscaler says.</param>
    /// <param name="drain">How long requests on their way, WebSockets among them, may go on when a pod is replaced.</param>
    public static void Describe(KubernetesResource service, int? replicas, TimeSpan drain, string memory, string memoryLimit)
    {
        ((Aspire.Hosting.Kubernetes.Resources.Deployment)service.Workload!).Spec.Replicas = replicas;
        var pod = service.Workload.PodTemplate.Spec;
        var container = pod.Containers[0];
        container.StartupProbe = new() { HttpGet = Get("/alive"), PeriodSeconds = 2, FailureThreshold = 60 };
        container.LivenessProbe = new() { HttpGet = Get("/alive"), PeriodSeconds = 10, TimeoutSeconds = 5, FailureThreshold = 6 };
        container.ReadinessProbe = new() { HttpGet = Get("/health"), PeriodSeconds = 5, TimeoutSeconds = 5, FailureThreshold = 3 };
        container.Lifecycle = new() { PreStop = new() { Exec = { Command = { "sleep", Unlisted } } } };
        container.Resources = new() { Requests = { ["cpu"] = "100m", ["memory"] = memory }, Limits = { ["memory"] = memoryLimit } };
        pod.TerminationGracePeriodSeconds = (long)drain.TotalSeconds + 30;
        service.ConfigMap!.Data["DOTNET_SHUTDOWNTIMEOUTSECONDS"] = ((int)drain.TotalSeconds).ToString(System.Globalization.CultureInfo.InvariantCulture);
        Confine(pod, AppUser, "/tmp");
    }

    /// <summary>Engines admit pods with this label: it is what the worker's <c>Kubernetes:GatewayPods</c> is by itself.</summary>
    public static void LetReachEngines(KubernetesResource service) =>
        service.Workload!.PodTemplate.Metadata.Labels["app.kubernetes.io/part-of"] = "aigc";

    public static void DescribePostgres(KubernetesResource store)
    {
        var container = store.Workload!.PodTemplate.Spec.Containers[0];
        container.ReadinessProbe = new() { Exec = Command("pg_isready", "-U", "postgres", "-h", "127.0.0.1"), PeriodSeconds = 5, TimeoutSeconds = 5 };
        container.Resources = new() { Requests = { ["cpu"] = "100m", ["memory"] = "256Mi" }, Limits = { ["memory"] = "1Gi" } };

        // A volume's root may hold lost+found, which initdb refuses.
        store.ConfigMap!.Data["PGDATA"] = "/var/lib/postgresql/data/pgdata";
        store.Workload.PodTemplate.Spec.TerminationGracePeriodSeconds = 120;
        Confine(store.Workload.PodTemplate.Spec, 999, "/tmp", "/var/run/postgresql");
    }

    public static void DescribeRedis(KubernetesResource store)
    {
        var container = store.Workload!.PodTemplate.Spec.Containers[0];
        container.ReadinessProbe = new() { Exec = Command("sh", "-c", "redis-cli -a \"$REDIS_PASSWORD\" --no-auth-warning ping | grep -q PONG"), PeriodSeconds = 5, TimeoutSeconds = 5 };
        container.Resources = new() { Requests = { ["cpu"] = "50m", ["memory"] = "64Mi" }, Limits = { ["memory"] = "512Mi" } };
        Confine(store.Workload.PodTemplate.Spec, 999, "/tmp");
    }

    /// <summary>Its image runs npm at its start, which writes to the image's own folders.</summary>
    public static void DescribeLogto(KubernetesResource logto)
    {
        var container = logto.Workload!.PodTemplate.Spec.Containers[0];
        container.StartupProbe = new() { HttpGet = new() { Path = "/api/status", Port = 3001 }, PeriodSeconds = 5, FailureThreshold = 60 };
        container.ReadinessProbe = new() { HttpGet = new() { Path = "/api/status", Port = 3001 }, PeriodSeconds = 5, TimeoutSeconds = 5 };
        container.Resources = new() { Requests = { ["cpu"] = "200m", ["memory"] = "512Mi" }, Limits = { ["memory"] = "2Gi" } };
        container.SecurityContext = new() { AllowPrivilegeEscalation = false };
    }

    /// <summary>Not root, no rights beyond, nothing to write but the folders named.</summary>
    private static void Confine(PodSpecV1 pod, long user, params string[] writable)
    {
        pod.SecurityContext = new()
        {
            RunAsNonRoot = true,
            RunAsUser = user,
            RunAsGroup = user,
            FsGroup = user,
            SeccompProfile = new() { Type = "RuntimeDefault" },
        };
        var container = pod.Containers[0];
        container.SecurityContext = new() { AllowPrivilegeEscalation = false, ReadOnlyRootFilesystem = true, Capabilities = new() { Drop = { "ALL" } } };
        foreach (var folder in writable)
        {
            var name = folder.Trim('/').Replace('/', '-');
            pod.Volumes.Add(new() { Name = name, EmptyDir = new() });
            container.VolumeMounts.Add(new() { Name = name, MountPath = folder });
        }
    }

    private static HttpGetActionV1 Get(string path) => new() { Path = path, Port = Port };

    private static ExecActionV1 Command(params string[] words)
    {
        var action = new ExecActionV1();
        action.Command.AddRange(words);
        return action;
    }
}
