namespace Aspire.Hosting.Kubernetes;

/// <summary>A cluster that the application is published for.</summary>
public sealed class KubernetesEnvironmentResource(string name) : Resource(name)
{
    public string HelmChartName { get; set; } = "aspire";

    public string HelmChartVersion { get; set; } = "0.1.0";

    public string HelmChartDescription { get; set; } = "Aspire Helm Chart";

    /// <summary>Null: the cluster's default class.</summary>
    public string? DefaultStorageClassName { get; set; }

    public string DefaultStorageSize { get; set; } = "1Gi";

    public string DefaultStorageReadWritePolicy { get; set; } = "ReadWriteOnce";

    public string DefaultImagePullPolicy { get; set; } = "IfNotPresent";

    public string DefaultServiceType { get; set; } = "ClusterIP";
}
