using System.Text.Json;
using Aigc.Engines.People;

namespace Aigc.Api.SigningIn.Claims;

/// <summary>What the provider says of somebody: an id token's payload, the answer of its userinfo endpoint, or several, the first of which counts most.</summary>
public sealed class ProviderClaims(params IReadOnlyList<JsonElement> sources)
{
    public ProviderClaims And(JsonElement source) => new([.. sources, source]);

    public string? Subject => Text("sub");

    /// <summary>What the provider's own session is known by here: the hash of its <c>sid</c>.</summary>
    public string? ProviderSession => Text("sid") is { } session ? SignInKey.Of(session).Value : null;

    /// <summary>The first text that any of the paths leads to.</summary>
    /// <param name="paths">Separated by spaces, the first that leads anywhere counts; see <see cref="Texts"/>.</param>
    public string? Text(string paths) => Texts(paths) is [var first, ..] ? first : null;

    /// <summary>
    /// All texts at the end of the first path that leads to any: <c>roles</c>, <c>realm_access.roles</c>, or a name with dots in
    /// it such as <c>https://example.com/roles</c>. A path goes into each element of an array.
    /// </summary>
    public IReadOnlyList<string> Texts(string paths)
    {
        foreach (var path in paths.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            foreach (var source in sources)
                if (Follow(source, path).ToList() is { Count: > 0 } found)
                    return found;
        return [];
    }

    /// <summary>Whether any source has something there, if only an empty list: then the person has none of it.</summary>
    public bool Has(string paths) =>
        paths.Split(' ', StringSplitOptions.RemoveEmptyEntries).Any(path => sources.Any(source => Leads(source, path)));

    private static IEnumerable<string> Follow(JsonElement value, string path) =>
        value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().SelectMany(element => Follow(element, path))
        : value.ValueKind == JsonValueKind.Object ? Steps(value, path).SelectMany(step => step.Further is null ? Texts(step.Value) : Follow(step.Value, step.Further))
        : [];

    private static bool Leads(JsonElement value, string path) =>
        value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().Any(element => Leads(element, path))
        : value.ValueKind == JsonValueKind.Object && Steps(value, path).Any(step => step.Further is null ? step.Value.ValueKind != JsonValueKind.Null : Leads(step.Value, step.Further));

    /// <summary>The members that the path may begin with: the whole of it, or what is before one of its dots.</summary>
    private static IEnumerable<(JsonElement Value, string? Further)> Steps(JsonElement value, string path)
    {
        if (value.TryGetProperty(path, out var whole))
            yield return (whole, null);
        for (var dot = path.IndexOf('.', StringComparison.Ordinal); dot >= 0; dot = path.IndexOf('.', dot + 1))
            if (value.TryGetProperty(path.AsSpan(0, dot), out var part))
                yield return (part, path[(dot + 1)..]);
    }

    private static IEnumerable<string> Texts(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String when value.GetString() is { Length: > 0 } text => [text],
        JsonValueKind.Number => [value.GetRawText()],
        JsonValueKind.Array => value.EnumerateArray().SelectMany(Texts),
        _ => [],
    };
}
