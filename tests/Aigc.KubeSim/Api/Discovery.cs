using System.Text.Json.Nodes;
using Aigc.KubeSim.Objects;

namespace Aigc.KubeSim.Api;

/// <summary>What the server says of itself.</summary>
internal static class Discovery
{
    public static JsonObject? Find(string path) => path.Trim('/') switch
    {
        "version" => new() { ["major"] = "1", ["minor"] = "20", ["gitVersion"] = "v1.20.2", ["platform"] = "linux/amd64" },
        "api" => new() { ["kind"] = "APIVersions", ["versions"] = new JsonArray("v1") },
        "apis" => new()
        {
            ["kind"] = "APIGroupList",
            ["apiVersion"] = "v1",
            ["groups"] = new JsonArray([.. ResourceType.All.Where(type => type.Group.Length > 0).DistinctBy(type => type.Group).Select(Group)]),
        },
        "readyz" or "livez" or "healthz" => [],
        var other => Resources(other),
    };

    private static JsonObject Group(ResourceType type)
    {
        var version = new JsonObject { ["groupVersion"] = type.ApiVersion, ["version"] = type.Version };
        return new() { ["name"] = type.Group, ["versions"] = new JsonArray(version), ["preferredVersion"] = version.DeepClone() };
    }

    private static JsonObject? Resources(string path)
    {
        var types = ResourceType.All.Where(type => path == (type.Group.Length == 0 ? $"api/{type.Version}" : $"apis/{type.ApiVersion}")).ToList();
        return types.Count == 0 ? null : new()
        {
            ["kind"] = "APIResourceList",
            ["apiVersion"] = "v1",
            ["groupVersion"] = types[0].ApiVersion,
            ["resources"] = new JsonArray([.. types.SelectMany(Names)]),
        };
    }

    private static IEnumerable<JsonNode> Names(ResourceType type)
    {
        JsonObject Named(string name, params string[] verbs) => new()
        {
            ["name"] = name,
            ["singularName"] = "",
            ["namespaced"] = type.Namespaced,
            ["kind"] = type.Kind,
            ["verbs"] = new JsonArray([.. verbs.Select(verb => JsonValue.Create(verb))]),
        };
        yield return Named(type.Plural, "create", "delete", "deletecollection", "get", "list", "patch", "update", "watch");
        if (type.HasStatus)
            yield return Named($"{type.Plural}/status", "get", "patch", "update");
        if (type.HasScale)
            yield return Named($"{type.Plural}/scale", "get", "patch", "update");
    }
}
