namespace Aigc.AppHost.Deployment;

/// <summary>All that the worker may do in a cluster, in the namespace of engines alone. Api and proxy may nothing.</summary>
internal static class WorkerRights
{
    /// <summary>Server-side apply of an object that is not there yet is a create, of one that is there a patch.</summary>
    private static readonly string[] Own = ["get", "list", "watch", "create", "patch", "delete"];

    public static IReadOnlyList<object> Rules { get; } =
    [
        Rule("apps", ["deployments"], Own),
        Rule("", ["services", "persistentvolumeclaims", "serviceaccounts"], Own),
        Rule("networking.k8s.io", ["networkpolicies"], Own),
        Rule("", ["pods"], ["list", "watch", "create", "patch", "delete"]),
        Rule("", ["pods/log"], ["get"]),
        Rule("", ["events"], ["list"]),
        Rule("coordination.k8s.io", ["leases"], ["get", "create", "patch"]),
    ];

    private static object Rule(string group, string[] resources, string[] verbs) => new { apiGroups = new[] { group }, resources, verbs };
}
