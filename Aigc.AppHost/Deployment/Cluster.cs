namespace Aigc.AppHost.Deployment;

/// <summary>The product in a Kubernetes cluster: what its description does not say by itself.</summary>
internal static class Cluster
{
    private const int Port = 8080;

    public static void AddCluster(this IDistributedApplicationBuilder builder) =>
        builder.AddKubernetesEnvironment("k8s").WithProperties(environment =>
        {
            environment.HelmChartName = "aigc";
            environment.HelmChartDescription = "AIGC workbench gateway: everybody their own engine, awake while they work";
            environment.DefaultStorageSize = "10Gi";
        });

    public static IResourceBuilder<ProjectResource> AsProxyPods(this IResourceBuilder<ProjectResource> proxy) => proxy.PublishAsKubernetesService(service =>
    {
        Pods.Describe(service, replicas: null, drain: TimeSpan.FromMinutes(10), "128Mi", "1Gi");
        Pods.LetReachEngines(service);
        service.AdditionalResources.AddRange(
        [
            Objects.DisruptionBudget("proxy"), Objects.Autoscaler("proxy"), Objects.Admits("proxy", Port), Objects.Ingress("proxy", Port), Objects.Route("proxy", Port),
        ]);
    });

    public static IResourceBuilder<ProjectResource> AsApiPods(this IResourceBuilder<ProjectResource> api) => api.PublishAsKubernetesService(service =>
    {
        Pods.Describe(service, replicas: null, drain: TimeSpan.FromSeconds(30), "192Mi", "1Gi");
        service.AdditionalResources.AddRange([Objects.DisruptionBudget("api"), Objects.Autoscaler("api"), Objects.Admits("api", Port, "proxy")]);
    });

    /// <summary>Two: one leads, the other takes over.</summary>
    public static IResourceBuilder<ProjectResource> AsWorkerPods(this IResourceBuilder<ProjectResource> worker) => worker.PublishAsKubernetesService(service =>
    {
        Pods.Describe(service, replicas: 2, drain: TimeSpan.FromSeconds(30), "192Mi", "1Gi");
        var pod = service.Workload!.PodTemplate.Spec;
        pod.ServiceAccountName = "aigc-worker";
        pod.AutomountServiceAccountToken = true;
        Pods.LetReachEngines(service);

        // An argument, because no variable's name may have a slash.
        pod.Containers[0].Args.Add("--Kubernetes:GatewayNamespace:kubernetes.io/metadata.name={{ .Release.Namespace }}");
        service.AdditionalResources.AddRange(
        [
            Objects.DisruptionBudget("worker"), Objects.Admits("worker", Port, "api"), Objects.Account(), Objects.Namespace(), Objects.Role(), Objects.RoleBinding(),
        ]);
    });

    public static void AsPods(this IResourceBuilder<PostgresServerResource> postgres) => postgres.WithDataVolume().PublishAsKubernetesService(store =>
    {
        Pods.DescribePostgres(store);
        store.AdditionalResources.Add(Objects.Admits("postgres", 5432, "api", "worker", "logto"));
    });

    public static void AsPods(this IResourceBuilder<RedisResource> tracker) => tracker.WithDataVolume().PublishAsKubernetesService(store =>
    {
        Pods.DescribeRedis(store);
        store.AdditionalResources.Add(Objects.Admits("tracker", 6379, "api", "proxy", "worker"));
    });
}
