using System.Text.Json.Serialization;

namespace Aspire.Hosting.Kubernetes.Resources;

public abstract class Workload(string apiVersion, string kind) : BaseKubernetesResource(apiVersion, kind)
{
    [JsonIgnore]
    public abstract PodTemplateSpecV1 PodTemplate { get; }
}

public sealed class Deployment() : Workload("apps/v1", "Deployment")
{
    public DeploymentSpecV1 Spec { get; set; } = new();

    [JsonIgnore]
    public override PodTemplateSpecV1 PodTemplate => Spec.Template;
}

public sealed class DeploymentSpecV1
{
    public int? Replicas { get; set; }

    public LabelSelectorV1 Selector { get; set; } = new();

    public DeploymentStrategyV1? Strategy { get; set; }

    public PodTemplateSpecV1 Template { get; set; } = new();
}

public sealed class DeploymentStrategyV1
{
    public string? Type { get; set; }

    public RollingUpdateDeploymentV1? RollingUpdate { get; set; }
}

public sealed class RollingUpdateDeploymentV1
{
    public int MaxUnavailable { get; set; }

    public int MaxSurge { get; set; }
}

public sealed class StatefulSet() : Workload("apps/v1", "StatefulSet")
{
    public StatefulSetSpecV1 Spec { get; set; } = new();

    [JsonIgnore]
    public override PodTemplateSpecV1 PodTemplate => Spec.Template;
}

public sealed class StatefulSetSpecV1
{
    public int? Replicas { get; set; }

    public string? ServiceName { get; set; }

    public LabelSelectorV1 Selector { get; set; } = new();

    public PodTemplateSpecV1 Template { get; set; } = new();

    public List<PersistentVolumeClaim> VolumeClaimTemplates { get; } = [];
}
