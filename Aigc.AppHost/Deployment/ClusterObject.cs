using Aspire.Hosting.Kubernetes.Resources;

namespace Aigc.AppHost.Deployment;

/// <summary>An object that is the product's own: what stands in it is what the cluster gets.</summary>
internal sealed class ClusterObject : BaseKubernetesResource
{
    public ClusterObject(string apiVersion, string kind, string name)
        : base(apiVersion, kind) => Metadata.Name = name;

    public object? Spec { get; init; }

    public object? Rules { get; init; }

    public object? RoleRef { get; init; }

    public object? Subjects { get; init; }

    public bool? AutomountServiceAccountToken { get; init; }

    /// <param name="value">The chart's switch for it, such as <c>ingress.enabled</c>.</param>
    public ClusterObject When(string value, bool otherwise, string? about = null)
    {
        Metadata.Annotations["hosting/when"] = $"{{{{ .Values.{value} | default {(otherwise ? "true" : "false")} }}}}";
        if (about is not null) Metadata.Annotations["hosting/about"] = about;
        return this;
    }
}
