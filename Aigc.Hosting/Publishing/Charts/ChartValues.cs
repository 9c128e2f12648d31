using System.Text.Json.Nodes;

namespace Aspire.Hosting.Publishing.Charts;

/// <summary>What whoever installs may choose, with its defaults, by path: <c>parameters.api.replicas</c>.</summary>
internal sealed class ChartValues
{
    private readonly Dictionary<string, string> _comments = [];
    private readonly Dictionary<string, string> _required = [];

    public JsonObject Tree { get; } = [];

    /// <summary>Those that a plain output makes up, with a way to.</summary>
    public Dictionary<string, ParameterDefault> Generated { get; } = [];

    public IReadOnlyDictionary<string, string> Required => _required;

    public JsonNode? this[string path] => path.Split('.').Aggregate((JsonNode?)Tree, (node, key) => (node as JsonObject)?[key]);

    /// <summary>Whether somebody may give it. A service may be given any setting.</summary>
    public bool Has(string path) => path.Split('.') switch
    {
        ["config", var service, _] when this[$"config.{service}"] is JsonObject settings && !settings.ContainsKey("value") => true,
        [.. var parents, var key] => parents.Length > 0 && (this[string.Join('.', parents)] as JsonObject)?.ContainsKey(key) == true,
        _ => false,
    };

    /// <summary>Keeps what is there.</summary>
    public void Add(string path, JsonNode? value)
    {
        var keys = path.Split('.');
        var parent = keys[..^1].Aggregate(Tree, (node, key) => node[key] as JsonObject ?? Child(node, key));
        if (!parent.ContainsKey(keys[^1])) parent[keys[^1]] = value;
    }

    public void Set(string path, JsonNode? value)
    {
        var keys = path.Split('.');
        ((JsonObject)this[string.Join('.', keys[..^1])]!)[keys[^1]] = value;
    }

    /// <summary>Without it nothing is installed.</summary>
    public void Require(string path, string why)
    {
        _required.TryAdd(path, why);
        Explain(path, Generated.ContainsKey(path) ? "Needed: letters and digits of your own, such as openssl rand -hex 24 gives." : "Needed.");
    }

    public void Explain(string path, string comment) => _comments.TryAdd(path, comment);

    public string? CommentOn(string path) => _comments.GetValueOrDefault(path);

    public string? Why(string path) => _required.GetValueOrDefault(path);

    private static JsonObject Child(JsonObject parent, string key)
    {
        var child = new JsonObject();
        parent[key] = child;
        return child;
    }
}
