using Aigc.KubeSim.Objects;

namespace Aigc.KubeSim.Api;

/// <summary>What a request's path names.</summary>
/// <param name="Namespace">Null: of all namespaces, or a kind that has none.</param>
/// <param name="Name">Null: all objects.</param>
/// <param name="Subresource">Empty: the object itself.</param>
internal sealed record ApiPath(ResourceType Type, string? Namespace, string? Name, string Subresource)
{
    /// <summary>Null when the path names nothing that there is.</summary>
    public static ApiPath? Parse(string path)
    {
        var parts = path.Trim('/').Split('/').Select(Uri.UnescapeDataString).ToArray();
        var (group, version, rest) = parts switch
        {
            ["api", var v, .. var more] => ("", v, more),
            ["apis", var g, var v, .. var more] => (g, v, more),
            _ => ("", "", []),
        };
        string? space = null;
        // The namespace itself is an object of its own, and so are its status and finalize.
        if (rest is ["namespaces", var within, _, ..] && !(rest is ["namespaces", _, "status" or "finalize"]))
            (space, rest) = (within, rest[2..]);
        if (rest.Length is 0 or > 3 || ResourceType.All.FirstOrDefault(type => type.Group == group && type.Version == version && type.Plural == rest[0]) is not { } found)
            return null;
        if (found.Namespaced ? space is null && rest.Length > 1 : space is not null)
            return null;
        var subresource = rest.Length == 3 ? rest[2] : "";
        return Has(found, subresource) ? new(found, space, rest.Length > 1 ? rest[1] : null, subresource) : null;
    }

    public ObjectKey Key => new(Type, Namespace ?? "", Name ?? throw new InvalidOperationException("The path names no object."));

    private static bool Has(ResourceType type, string subresource) => subresource switch
    {
        "" => true,
        "status" => type.HasStatus,
        "scale" => type.HasScale,
        "log" => type == ResourceType.Pod,
        "finalize" => type == ResourceType.Namespace,
        "token" => type == ResourceType.ServiceAccount,
        _ => false,
    };
}
