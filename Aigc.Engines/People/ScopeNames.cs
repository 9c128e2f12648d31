namespace Aigc.Engines.People;

/// <summary>Scopes as the API, the dashboard and the database name them.</summary>
public static class ScopeNames
{
    public static IReadOnlyList<(Scopes Scope, string Name)> All { get; } =
    [
        (Scopes.EnginesRead, "engines:read"),
        (Scopes.EnginesUse, "engines:use"),
        (Scopes.EnginesManage, "engines:manage"),
        (Scopes.Admin, "admin"),
    ];

    public static IReadOnlyList<string> Names(this Scopes scopes) => [.. All.Where(one => scopes.HasFlag(one.Scope)).Select(one => one.Name)];

    /// <returns>Null when one of the names is unknown.</returns>
    public static Scopes? Read(IEnumerable<string> names)
    {
        var scopes = Scopes.None;
        foreach (var name in names)
        {
            if (All.FirstOrDefault(one => one.Name == name).Scope is not (not Scopes.None and var scope))
                return null;
            scopes |= scope;
        }

        return scopes;
    }
}
