using System.Text.Json.Nodes;
using Aigc.KubeSim.Objects;

namespace Aigc.KubeSim.Access;

/// <summary>What the Roles of a namespace allow whom they are bound to.</summary>
internal sealed class Roles(ObjectStore store)
{
    /// <returns>Whether it is allowed, and what is wrong with the bindings that were looked at.</returns>
    public (bool Allowed, string Trouble) Allow(User user, string verb, string group, string resource, string @namespace)
    {
        var missing = new List<string>();
        foreach (var binding in store.List(ResourceType.RoleBinding, @namespace).Select(one => one.Read()))
        {
            if (!binding.Each("subjects").Any(subject => Is(subject, user)))
                continue;
            var name = binding.Text("roleRef", "name")!;
            if (store.Find(ResourceType.Role, @namespace, name)?.Read() is not { } role)
                missing.Add($"role.rbac.authorization.k8s.io \"{name}\" not found");
            else if (role.Each("rules").Any(rule => RuleOf(rule, @namespace).Allows(verb, group, resource, @namespace)))
                return (true, "");
        }

        return (false, missing switch { [] => "", [var one] => $"RBAC: {one}", _ => $"RBAC: [{string.Join(", ", missing)}]" });
    }

    private static Rule RuleOf(JsonObject rule, string @namespace) => new(@namespace, [.. rule.Texts("apiGroups")], [.. rule.Texts("resources")], [.. rule.Texts("verbs")]);

    private static bool Is(JsonObject subject, User user) => subject.Text("kind") switch
    {
        "ServiceAccount" => user.Name == $"system:serviceaccount:{subject.Text("namespace")}:{subject.Text("name")}",
        "User" => user.Name == subject.Text("name"),
        "Group" => user.Groups.Contains(subject.Text("name")!),
        _ => false,
    };
}
