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
        ["tcp"] = BusyProbeKind.Tcp,
        ["dcgm"] = BusyProbeKind.Dcgm,
    };

    private static readonly OrderedDictionary<string, bool> FromBrowserOnly = new() { ["any"] = false, ["from-browser"] = true };

    /// <summary>Fields that mean something for one kind alone.</summary>
    private static readonly Dictionary<string, BusyProbeKind> Only = new()
    {
        ["path"] = BusyProbeKind.Json,
        ["pointer"] = BusyProbeKind.Json,
        ["port"] = BusyProbeKind.Tcp,
        ["url"] = BusyProbeKind.Dcgm,
        ["above"] = BusyProbeKind.Dcgm,
    };

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
        fields.Allow("kind", "path", "pointer", "port", "url", "above", "headers", "unknownLimit", "count");
        var kind = fields.Choice("kind", Kinds, $"choose one of {string.Join(", ", Kinds.Keys)}.");
        foreach (var (name, only) in Only.Where(one => kind is not null && kind != one.Value && fields.Has(one.Key)))
            fields.Wrong(name, $"belongs to kind: {Kinds.First(one => one.Value == only).Key} only; remove it.");
        if (kind is BusyProbeKind.Tcp && fields.Has("headers"))
            fields.Wrong("headers", "are sent with requests, and kind: tcp makes none; remove them.");
        if (kind is BusyProbeKind.Tcp && !fields.Has("port"))
            fields.Wrong("port", "is missing; kind: tcp needs to know which port accepts connections while the engine is at work.");
        var isJson = kind is BusyProbeKind.Json;
        return new(
            kind ?? default,
            fields.Text("path", PathPattern().IsMatch, PathAllowed, isJson ? "kind: json needs to know what to GET, such as /status." : null),
            fields.Text("pointer", PointerPattern().IsMatch, "a JSON Pointer is \"\" or begins with '/', such as /queue/running.",
                isJson ? "kind: json needs to know where in the answer to look, such as /queue/running." : null),
            fields.Duration("unknownLimit", TimeSpan.FromMinutes(30), TimeSpan.Zero, TimeSpan.FromDays(30)),
            fields.Text("count", PointerPattern().IsMatch, "a JSON Pointer is \"\" or begins with '/', such as /done."))
        {
            Port = fields.Number("port", 1, 65535),
            Url = fields.Text("url", IsHttp, "write an absolute http or https address, such as http://dcgm-exporter.gpu:9400/metrics."),
            Above = fields.Number("above", 0, 99),
            Headers = fields.Map("headers")?.Texts(HeaderName, HeaderValue),
        };
    }

    private static bool IsHttp(string text) => Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https";

    private static string? HeaderName(string name) => HeaderPattern().IsMatch(name) ? null : "is no name of a header, such as Authorization.";

    private static string? HeaderValue(string value) =>
        Placeholders.FirstMistake(value) is { } mistake ? $"'{mistake}' is no placeholder; write a variable of the operator's in braces, such as {{comfyToken}}."
        : value.Any(char.IsControl) ? "takes one line."
        : null;

    public static ActivityRules Activity(FieldReader fields)
    {
        fields.Allow("ignorePaths", "webSockets");
        return new(
            fields.List("ignorePaths", path => PathPattern().IsMatch(path) && !path.Contains('?') ? null : $"is not allowed; {PathAllowed}"),
            fields.Choice("webSockets", FromBrowserOnly) ?? false);
    }

    [GeneratedRegex(@"\A/(?!/)[!-\[\]-~]{0,499}\z")]
    private static partial Regex PathPattern();

    [GeneratedRegex(@"\A[A-Za-z0-9-]{1,60}\z")]
    private static partial Regex HeaderPattern();

    [GeneratedRegex(@"\A(?:/(?:[^~]|~[01])*)?\z", RegexOptions.Singleline)]
    private static partial Regex PointerPattern();
}
