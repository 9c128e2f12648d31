namespace Aigc.KubeSim.Objects;

/// <summary>A kind of objects, where the API has them, and how it treats them.</summary>
/// <param name="HasStatus">Has the subresource <c>status</c>, and the main resource leaves the status alone.</param>
/// <param name="HasGeneration">Counts the changes of its spec.</param>
/// <param name="CreatesOnUpdate">A PUT makes what is not there, and wants a resource version where it is.</param>
internal sealed record ResourceType(
    string Group, string Version, string Kind, string Plural, bool Namespaced = true, bool HasStatus = false, bool HasGeneration = false, bool HasScale = false, bool CreatesOnUpdate = false)
{
    public static readonly ResourceType Namespace = new("", "v1", "Namespace", "namespaces", Namespaced: false, HasStatus: true);
    public static readonly ResourceType Node = new("", "v1", "Node", "nodes", Namespaced: false, HasStatus: true);
    public static readonly ResourceType PersistentVolume = new("", "v1", "PersistentVolume", "persistentvolumes", Namespaced: false, HasStatus: true);
    public static readonly ResourceType Pod = new("", "v1", "Pod", "pods", HasStatus: true);
    public static readonly ResourceType Service = new("", "v1", "Service", "services", HasStatus: true);
    public static readonly ResourceType PersistentVolumeClaim = new("", "v1", "PersistentVolumeClaim", "persistentvolumeclaims", HasStatus: true);
    public static readonly ResourceType ConfigMap = new("", "v1", "ConfigMap", "configmaps");
    public static readonly ResourceType Secret = new("", "v1", "Secret", "secrets");
    public static readonly ResourceType Event = new("", "v1", "Event", "events", CreatesOnUpdate: true);
    public static readonly ResourceType ServiceAccount = new("", "v1", "ServiceAccount", "serviceaccounts");
    public static readonly ResourceType ResourceQuota = new("", "v1", "ResourceQuota", "resourcequotas", HasStatus: true);
    public static readonly ResourceType Deployment = new("apps", "v1", "Deployment", "deployments", HasStatus: true, HasGeneration: true, HasScale: true);
    public static readonly ResourceType ReplicaSet = new("apps", "v1", "ReplicaSet", "replicasets", HasStatus: true, HasGeneration: true, HasScale: true);
    public static readonly ResourceType NetworkPolicy = new("networking.k8s.io", "v1", "NetworkPolicy", "networkpolicies", HasGeneration: true);
    public static readonly ResourceType Lease = new("coordination.k8s.io", "v1", "Lease", "leases", CreatesOnUpdate: true);
    public static readonly ResourceType Role = new("rbac.authorization.k8s.io", "v1", "Role", "roles");
    public static readonly ResourceType RoleBinding = new("rbac.authorization.k8s.io", "v1", "RoleBinding", "rolebindings");
    public static readonly ResourceType StorageClass = new("storage.k8s.io", "v1", "StorageClass", "storageclasses", Namespaced: false);

    public static readonly IReadOnlyList<ResourceType> All =
    [
        Namespace, Node, PersistentVolume, Pod, Service, PersistentVolumeClaim, ConfigMap, Secret, Event, ServiceAccount, ResourceQuota,
        Deployment, ReplicaSet, NetworkPolicy, Lease, Role, RoleBinding, StorageClass,
    ];

    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    /// <summary>As errors name it: <c>deployments.apps</c>.</summary>
    public string Resource => Group.Length == 0 ? Plural : $"{Plural}.{Group}";

    /// <summary>As validation names it: <c>Deployment.apps</c>.</summary>
    public string QualifiedKind => Group.Length == 0 ? Kind : $"{Kind}.{Group}";

    public bool IsA(string? apiVersion, string? kind) => apiVersion == ApiVersion && kind == Kind;

    public override string ToString() => Resource;
}
