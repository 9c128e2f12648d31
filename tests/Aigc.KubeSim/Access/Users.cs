using System.Collections.Concurrent;
using Aigc.KubeSim.Api;

namespace Aigc.KubeSim.Access;

/// <summary>Who may ask, by bearer token, and for what; and what they did ask for.</summary>
public sealed class Users
{
    private const string Anonymous = "system:anonymous";

    private readonly ConcurrentDictionary<string, (string Name, IReadOnlyList<Rule> Rules)> _byToken = new();
    private readonly ConcurrentDictionary<SeenVerb, int> _seen = new();

    /// <summary>Replaces what the token was good for before.</summary>
    public void Set(string token, string name, params IReadOnlyList<Rule> rules) => _byToken[token] = (name, rules);

    /// <summary>The token is not known any more, as after it has expired.</summary>
    public void Remove(string token) => _byToken.TryRemove(token, out _);

    /// <summary>What was asked for and allowed, with how often: a Role needs exactly these.</summary>
    public IReadOnlyDictionary<SeenVerb, int> Seen => _seen;

    /// <returns>The name of the user.</returns>
    /// <exception cref="ApiException">401 for a token that nobody has.</exception>
    internal (string Name, IReadOnlyList<Rule> Rules) Authenticate(string? authorization)
    {
        if (authorization is null || !authorization.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
            return (Anonymous, []);
        return _byToken.TryGetValue(authorization["Bearer ".Length..].Trim(), out var user) ? user : throw ApiException.Unauthorized();
    }

    /// <exception cref="ApiException">403, naming user, verb and resource.</exception>
    internal void Authorize(string user, IReadOnlyList<Rule> rules, string verb, ApiPath path)
    {
        var resource = path.Subresource.Length > 0 ? $"{path.Type.Plural}/{path.Subresource}" : path.Type.Plural;
        // A namespace's own namespace is itself.
        var within = path.Type == Objects.ResourceType.Namespace ? path.Name : path.Namespace;
        if (!rules.Any(rule => rule.Allows(verb, path.Type.Group, resource, within)))
        {
            throw ApiException.Forbidden(path.Type, path.Name ?? "",
                $"User \"{user}\" cannot {verb} resource \"{resource}\" in API group \"{path.Type.Group}\" " +
                (within is { Length: > 0 } ? $"in the namespace \"{within}\"" : "at the cluster scope"));
        }

        _seen.AddOrUpdate(new(user, verb, path.Type.Group, resource, path.Namespace ?? ""), 1, (_, count) => count + 1);
    }
}
