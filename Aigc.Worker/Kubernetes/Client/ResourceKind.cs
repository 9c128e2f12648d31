namespace Aigc.Worker.Kubernetes.Client;

/// <summary>A kind of namespaced objects, and where the API server has them.</summary>
/// <param name="Group">Empty for the core group.</param>
/// <param name="Plural">As in addresses, such as <c>deployments</c>.</param>
public sealed record ResourceKind(string Group, string Version, string Kind, string Plural)
{
    public static readonly ResourceKind Pod = new("", "v1", "Pod", "pods");
    public static readonly ResourceKind Service = new("", "v1", "Service", "services");
    public static readonly ResourceKind Secret = new("", "v1", "Secret", "secrets");
    public static readonly ResourceKind Event = new("", "v1", "Event", "events");
    public static readonly ResourceKind ServiceAccount = new("", "v1", "ServiceAccount", "serviceaccounts");
    public static readonly ResourceKind PersistentVolumeClaim = new("", "v1", "PersistentVolumeClaim", "persistentvolumeclaims");
    public static readonly ResourceKind Deployment = new("apps", "v1", "Deployment", "deployments");
    public static readonly ResourceKind NetworkPolicy = new("networking.k8s.io", "v1", "NetworkPolicy", "networkpolicies");
    public static readonly ResourceKind Lease = new("coordination.k8s.io", "v1", "Lease", "leases");

    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    /// <param name="name">Null: all of the namespace.</param>
    public string Path(string @namespace, string? name = null)
    {
        var root = Group.Length == 0 ? $"api/{Version}" : $"apis/{Group}/{Version}";
        var all = $"{root}/namespaces/{Uri.EscapeDataString(@namespace)}/{Plural}";
        return name is null ? all : $"{all}/{Uri.EscapeDataString(name)}";
    }

    public override string ToString() => Group.Length == 0 ? Plural : $"{Plural}.{Group}";
}
