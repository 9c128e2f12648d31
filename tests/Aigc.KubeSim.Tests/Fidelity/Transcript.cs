using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Aigc.KubeSim.Tests.Fidelity;

/// <summary>Plays the requests of a file, and writes down the answers without what differs from run to run.</summary>
internal static partial class Transcript
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly string[] Masked = ["uid", "resourceVersion", "creationTimestamp", "deletionTimestamp", "time", "clusterIP", "continue", "ca.crt"];
    private static readonly string[] Controllers = ["kube-controller-manager", "kube-scheduler", "fakekubelet", "kubelet"];

    private const string AsAccount = "as-account";
    private const string Until = "until=";

    /// <param name="requests">
    /// Separated by <c>###</c>: a method, a path and a media type, then the body. <c>{version}</c> is the first answer's resource version.
    /// With <c>as-account</c> it is whoever got the last token that asks. With <c>until=status.used</c> it is asked once a controller has filled that in.
    /// </param>
    public static async Task<string> PlayAsync(ClusterUnderTest cluster, string requests)
    {
        var transcript = new StringBuilder();
        var (version, token) = ("", (string?)null);
        foreach (var block in requests.Split("###", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var lines = block.Split('\n', 2);
            var words = lines[0].Split(' ');
            var body = lines.Length > 1 ? lines[1].Replace("{version}", version, StringComparison.Ordinal) : null;
            if (words.FirstOrDefault(word => word.StartsWith(Until, StringComparison.Ordinal)) is { } until)
                await cluster.UntilAsync(words[1], one => until[Until.Length..].Split('.').Aggregate((JsonNode?)one, (node, name) => node?[name]) is not null);
            var (status, answer) = await cluster.SendAsync(words[0], words[1].Replace("{version}", version, StringComparison.Ordinal), body,
                words.Skip(2).FirstOrDefault(word => word != AsAccount && !word.StartsWith(Until, StringComparison.Ordinal)) ?? "application/json", words.Contains(AsAccount) ? token : null);
            version = version.Length > 0 ? version : (string?)(answer as JsonObject)?["metadata"]?["resourceVersion"] ?? "";
            token = (string?)((answer as JsonObject)?["status"] as JsonObject)?["token"] ?? token;
            var text = Normal(answer)?.ToJsonString(Readable) ?? "";
            transcript.Append(CultureInfo.InvariantCulture, $"### {lines[0]}\n{status}\n{Words(text, cluster.Namespace)}\n\n");
        }

        return transcript.ToString();
    }

    private static JsonNode? Normal(JsonNode? node)
    {
        switch (node)
        {
            case JsonArray array:
                return new JsonArray([.. array.Select(Normal)]);
            case JsonObject fields:
                var normal = new JsonObject();
                // Order says nothing, and a status is written by controllers, at their own time.
                foreach (var (name, value) in fields.OrderBy(field => field.Key, StringComparer.Ordinal))
                {
                    if (name == "managedFields")
                        normal[name] = Managers(value!.AsArray());
                    else if (name == "status" && value is JsonObject && (string?)fields["kind"] != "Scale")
                        continue;
                    else if (name is "deployment.kubernetes.io/revision" or "clusterIPs" or "selfLink")
                        continue;
                    else
                        normal[name] = Masked.Contains(name) && value is JsonValue ? "*" : Normal(value);
                }

                if (normal["annotations"] is JsonObject { Count: 0 })
                    normal.Remove("annotations");
                return normal;
            default:
                return node?.DeepClone();
        }
    }

    private static JsonArray Managers(JsonArray entries) =>
        new([.. entries.Where(entry => !Controllers.Contains((string?)entry!["manager"])).OrderBy(entry => $"{entry!["operation"]}{entry["manager"]}", StringComparer.Ordinal).Select(Normal)]);

    private static string Words(string text, string @namespace)
    {
        text = text.Replace(@namespace, "{ns}", StringComparison.Ordinal);
        text = Times().Replace(Uids().Replace(text, "{uid}"), "{time}");
        text = Versions().Replace(Tokens().Replace(text, "$1-token-*"), "*");
        return Dumps().Replace(Parsers().Replace(text, "$1 *"), "");
    }

    /// <summary>
    /// How the server's parser puts it, and how its language prints two objects that differ: it indents with plain or with no-break spaces,
    /// which is decided anew whenever the server starts, lest somebody compare.
    /// </summary>
    [GeneratedRegex("(cannot be handled as a [A-Za-z]+: )(?!converting).*(?=\",$)", RegexOptions.Multiline)]
    private static partial Regex Parsers();

    [GeneratedRegex(@"\\n(\\u00A0| ).*(?="",$)", RegexOptions.Multiline)]
    private static partial Regex Dumps();

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")]
    private static partial Regex Uids();

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")]
    private static partial Regex Times();

    [GeneratedRegex(@"version: \d+( \(\d+\))?|(?<=in (record|the precondition) \()\d+")]
    private static partial Regex Versions();

    [GeneratedRegex("(default)-token-[a-z0-9]{5}")]
    private static partial Regex Tokens();
}
