namespace Aigc.AppHost.Deployment;

/// <summary>What a service has besides its pods.</summary>
internal static class Objects
{
    private const string Instance = "{{ .Values.instance | default \"aigc\" }}";
    private const string EngineNamespace = "{{ .Values.config.worker.engine_namespace }}";
    private const string EngineHosts = "*.{{ .Values.config.proxy.engine_domain }}";
    private const string DashboardHost = "{{ .Values.ingress.host | default \"aigc.example.com\" }}";
    private const string RbacGroup = "rbac.authorization.k8s.io";
    private const string WorkerAccount = "aigc-worker";

    public static ClusterObject DisruptionBudget(string service) => new("policy/v1", "PodDisruptionBudget", service)
    {
        Spec = new { maxUnavailable = 1, selector = Pods(service) },
    };

    public static ClusterObject Autoscaler(string service) => new ClusterObject("autoscaling/v2", "HorizontalPodAutoscaler", service)
    {
        Spec = new
        {
            scaleTargetRef = new { apiVersion = "apps/v1", kind = "Deployment", name = $"{service}-deployment" },
            minReplicas = "{{ .Values.autoscaling.min | default 2 }}",
            maxReplicas = "{{ .Values.autoscaling.max | default 10 }}",
            metrics = new[]
            {
                new { type = "Resource", resource = new { name = "cpu", target = new { type = "Utilization", averageUtilization = "{{ .Values.autoscaling.cpu | default 70 }}" } } },
            },

            // Fewer pods end WebSockets: not for a quiet minute.
            behavior = new { scaleDown = new { stabilizationWindowSeconds = 600 } },
        },
    }.When("autoscaling.enabled", true, "Of api and proxy; needs the cluster's metrics-server. Without it set parameters.api.replicas and parameters.proxy.replicas.");

    /// <param name="from">The services that may connect; none named: everybody.</param>
    public static ClusterObject Admits(string service, int port, params string[] from) => new ClusterObject("networking.k8s.io/v1", "NetworkPolicy", service)
    {
        Spec = new
        {
            podSelector = Pods(service),
            policyTypes = new[] { "Ingress" },
            ingress = new[] { new { from = from.Select(other => new { podSelector = Pods(other) }).ToArray(), ports = new[] { new { protocol = "TCP", port } } } },
        },
    }.When("network_policies.enabled", true, "Who may connect to whom, where the cluster's network enforces it.");

    public static ClusterObject Ingress(string service, int port)
    {
        var paths = new[] { new { path = "/", pathType = "Prefix", backend = new { service = new { name = $"{service}-service", port = new { number = port } } } } };
        var ingress = new ClusterObject("networking.k8s.io/v1", "Ingress", service)
        {
            Spec = new
            {
                ingressClassName = "{{ .Values.ingress.class | default \"nginx\" }}",
                tls = new[] { new { hosts = new[] { DashboardHost, EngineHosts }, secretName = "{{ .Values.ingress.tls_secret | default \"aigc-tls\" }}" } },
                rules = new[] { new { host = DashboardHost, http = new { paths } }, new { host = EngineHosts, http = new { paths } } },
            },
        }.When("ingress.enabled", true, "The way in. host is that of config.public_url; the certificate must hold it and *.{config.engine_domain}.");

        // Models are uploaded in any size; a generation may be silent for an hour.
        foreach (var (setting, value) in new[] { ("proxy-body-size", "0"), ("proxy-read-timeout", "86400"), ("proxy-send-timeout", "86400"), ("proxy-request-buffering", "off"), ("proxy-buffering", "off") })
            ingress.Metadata.Annotations[$"nginx.ingress.kubernetes.io/{setting}"] = value;
        return ingress;
    }

    public static ClusterObject Route(string service, int port) => new ClusterObject("gateway.networking.k8s.io/v1", "HTTPRoute", service)
    {
        Spec = new
        {
            parentRefs = new[] { new { name = "{{ .Values.gateway.name | default \"gateway\" }}", @namespace = "{{ .Values.gateway.namespace | default \"default\" }}" } },
            hostnames = new[] { DashboardHost, EngineHosts },
            rules = new[] { new { backendRefs = new[] { new { name = $"{service}-service", port } } } },
        },
    }.When("gateway.enabled", false, "Instead of an Ingress: a route of the Gateway API, to a Gateway that is there. Its hosts are those of ingress.");

    /// <summary>Uninstalling leaves the namespace, and with it people's disks.</summary>
    public static ClusterObject Namespace()
    {
        var item = new ClusterObject("v1", "Namespace", EngineNamespace);
        item.Metadata.Annotations["helm.sh/resource-policy"] = "keep";
        return item.When("engines.create_namespace", true, "The namespace for engines is config.engine_namespace. It stays when the chart is uninstalled, with the disks in it.\nconfig.disk_image shows people the files of their engines, from a container beside each; empty: they are not shown.");
    }

    public static ClusterObject Account() => new("v1", "ServiceAccount", WorkerAccount) { AutomountServiceAccountToken = false };

    public static ClusterObject Role()
    {
        var role = new ClusterObject($"{RbacGroup}/v1", "Role", WorkerAccount) { Rules = WorkerRights.Rules };
        role.Metadata.Namespace = EngineNamespace;
        return role;
    }

    public static ClusterObject RoleBinding()
    {
        var binding = new ClusterObject($"{RbacGroup}/v1", "RoleBinding", WorkerAccount)
        {
            RoleRef = new { apiGroup = RbacGroup, kind = "Role", name = WorkerAccount },
            Subjects = new[] { new { kind = "ServiceAccount", name = WorkerAccount, @namespace = "{{ .Release.Namespace }}" } },
        };
        binding.Metadata.Namespace = EngineNamespace;
        return binding;
    }

    private static object Pods(string service) => new
    {
        matchLabels = new Dictionary<string, string> { ["app.kubernetes.io/component"] = service, ["app.kubernetes.io/instance"] = Instance },
    };
}
