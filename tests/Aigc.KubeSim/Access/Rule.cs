namespace Aigc.KubeSim.Access;

/// <summary>A rule of a Role: what it lists is allowed, in one namespace.</summary>
/// <param name="Namespace">Null: a rule of a ClusterRole, for all namespaces and what belongs to none.</param>
/// <param name="Resources">With subresources, such as <c>deployments/scale</c>; <c>*</c> is everything.</param>
public sealed record Rule(string? Namespace, IReadOnlyList<string> ApiGroups, IReadOnlyList<string> Resources, IReadOnlyList<string> Verbs)
{
    public static readonly Rule Everything = new(null, ["*"], ["*"], ["*"]);

    internal bool Allows(string verb, string group, string resource, string? @namespace) =>
        (Namespace is null || Namespace == @namespace) && Has(Verbs, verb) && Has(ApiGroups, group) && Has(Resources, resource);

    private static bool Has(IReadOnlyList<string> allowed, string wanted) => allowed.Contains("*") || allowed.Contains(wanted);
}
