using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Aigc.KubeSim.Api;
using Aigc.KubeSim.Objects;

namespace Aigc.KubeSim.Access;

/// <summary>Who may ask, by bearer token, and for what; and what they did ask for.</summary>
public sealed class Users
{
    private static readonly User Anonymous = new("system:anonymous", ["system:unauthenticated"], []);

    private readonly ConcurrentDictionary<string, User> _byToken = new();
    private readonly ConcurrentDictionary<SeenVerb, int> _seen = new();
    private readonly AccountTokens _tokens;
    private readonly Roles _roles;

    internal Users(ObjectStore store, TimeProvider time) => (_tokens, _roles) = (new(store, time), new(store));

    /// <summary>Replaces what the token was good for before.</summary>
    public void Set(string token, string name, params IReadOnlyList<Rule> rules) => _byToken[token] = new(name, ["system:authenticated"], rules);

    /// <summary>The token is not known any more, as after it has expired.</summary>
    public void Remove(string token)
    {
        if (!_byToken.TryRemove(token, out _))
            _tokens.Forget(token);
    }

    /// <summary>What was asked for and allowed, with how often: a Role needs exactly these.</summary>
    public IReadOnlyDictionary<SeenVerb, int> Seen => _seen;

    internal JsonObject IssueToken(ObjectKey account, JsonObject request, string manager) => _tokens.Issue(account, request, manager);

    /// <exception cref="ApiException">401 for a token that nobody has.</exception>
    internal User Authenticate(string? authorization)
    {
        if (authorization is null || !authorization.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
            return Anonymous;
        var token = authorization["Bearer ".Length..].Trim();
        return _byToken.GetValueOrDefault(token) ?? _tokens.Find(token) ?? throw ApiException.Unauthorized();
    }

    /// <exception cref="ApiException">403, naming user, verb and resource.</exception>
    internal void Authorize(User user, string verb, ApiPath path)
    {
        if (Refusal(user, verb, path) is not { } trouble)
            return;
        var within = Within(path);
        throw ApiException.Forbidden(path.Type, path.Name ?? "",
            $"User \"{user.Name}\" cannot {verb} resource \"{Resource(path)}\" in API group \"{path.Type.Group}\" " +
            (within is { Length: > 0 } ? $"in the namespace \"{within}\"" : "at the cluster scope") + (trouble.Length > 0 ? $": {trouble}" : ""));
    }

    /// <summary>A change that turns out to make what is not there needs the right to create, too.</summary>
    /// <exception cref="ApiException">403, in fewer words than the other.</exception>
    internal void AuthorizeCreation(User user, ApiPath path)
    {
        if (Refusal(user, "create", path) is { } trouble)
            throw ApiException.Forbidden(path.Type, path.Name!, trouble);
    }

    /// <returns>Null when it is allowed; else what is wrong with the Roles, empty where nothing is.</returns>
    private string? Refusal(User user, string verb, ApiPath path)
    {
        var (group, resource, within) = (path.Type.Group, Resource(path), Within(path));
        if (!user.Rules.Any(rule => rule.Allows(verb, group, resource, within)))
        {
            var (allowed, trouble) = within is { Length: > 0 } ? _roles.Allow(user, verb, group, resource, within) : (false, "");
            if (!allowed)
                return trouble;
        }

        _seen.AddOrUpdate(new(user.Name, verb, group, resource, path.Namespace ?? ""), 1, (_, count) => count + 1);
        return null;
    }

    private static string Resource(ApiPath path) => path.Subresource.Length > 0 ? $"{path.Type.Plural}/{path.Subresource}" : path.Type.Plural;

    /// <summary>A namespace's own namespace is itself.</summary>
    private static string? Within(ApiPath path) => path.Type == ResourceType.Namespace ? path.Name : path.Namespace;
}
