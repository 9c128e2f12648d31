using System.Text.RegularExpressions;

namespace Aigc.Engines.Templates;

/// <summary>How an engine is asked whether it is ready or busy, and what counts as its activity.</summary>
internal static partial class ProbeFields
{
    private const string PathAllowed = "a path begins with one '/', such as /healthz, and has no spaces.";

    private static readonly OrderedDictionary<string, BusyProbeKind> Kinds = new()
    {
        ["a1111"] = BusyProbeKind.A1111,
        ["comfyui"] = BusyProbeKind.ComfyUi,
        ["json"] = BusyProbeKind.Json,
    };

    private static readonly OrderedDictionary<string, bool> FromBrowserOnly = new() { ["any"] = false, ["from-browser"] = true };

    private static readonly string[] JsonOnly = ["path", "pointer"];

    public static ReadinessProbe Readiness(FieldReader? fields)
    {
        var timeout = TimeSpan.FromSeconds(2);
        if (fields is null)
            return new(null, timeout);
        fields.Allow("path", "timeout");
        return new(
            fields.Text("path", PathPattern().IsMatch, PathAllowed),
            fields.Duration("timeout", timeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1)));
    }

    public static BusyProbe Busy(FieldReader fields)
    {
        fields.Allow("kind", "path", "pointer", "unknownLimit", "count");
        var kind = fields.Choice("kind", Kinds, $"choose one of {string.Join(", ", Kinds.Keys)}.");
        var isJson = kind is BusyProbeKind.Json;
        foreach (var name in JsonOnly.Where(n => kind is not null && !isJson && fields.Has(n)))
            fields.Wrong(name, "belongs to kind: json only; remove it.");
        return new(
            kind ?? default,
            fields.Text("path", PathPattern().IsMatch, PathAllowed, isJson ? "kind: json needs to know what to GET, such as /status." : null),
            fields.Text("pointer", PointerPattern().IsMatch, "a JSON Pointer is \"\" or begins with '/', such as /queue/running.",
                isJson ? "kind: json needs to know where in the answer to look, such as /queue/running." : null),
            fields.Duration("unknownLimit", TimeSpan.FromMinutes(30), TimeSpan.Zero, TimeSpan.FromDays(30)),
            fields.Text("count", PointerPattern().IsMatch, "a JSON Pointer is \"\" or begins with '/', such as /done."));
    }

    public static ActivityRules Activity(FieldReader fields)
    {
        fields.Allow("ignorePaths", "webSockets");
        return new(
            fields.List("ignorePaths", path => PathPattern().IsMatch(path) && !path.Contains('?') ? null : $"is not allowed; {PathAllowed}"),
            fields.Choice("webSockets", FromBrowserOnly) ?? false);
    }

    [GeneratedRegex(@"\A/(?!/)[!-\[\]-~]{0,499}\z")]
    private static partial Regex PathPattern();

    [GeneratedRegex(@"\A(?:/(?:[^~]|~[01])*)?\z", RegexOptions.Singleline)]
    private static partial Regex PointerPattern();
}
