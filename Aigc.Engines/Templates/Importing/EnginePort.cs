using System.Globalization;

namespace Aigc.Engines.Templates.Importing;

/// <summary>Finds the container that is the engine, and where it listens.</summary>
internal static class EnginePort
{
    private static readonly string[] WebNames = ["http", "web", "ui", "webui", "http-web", "http-ui"];
    private static readonly string[] Probes = ["readinessProbe", "startupProbe", "livenessProbe"];
    private static readonly string[] Arguments = ["--port", "--server-port", "--server_port", "--listen-port", "--http-port", "--ServerApp.port", "PORT"];
    private const int Fallback = 8080;

    /// <summary>Brings the engine's container to the front.</summary>
    public static void PutEngineFirst(ImportJob job)
    {
        var (workload, notes) = (job.Workload, job.Notes);
        if (workload.Containers.Count == 1)
            return;
        var target = Targets(job).FirstOrDefault(target => workload.Containers.Any(container => PortOf(container, target.Value) is not null));
        var engine = workload.Containers.FirstOrDefault(container => target is not null && PortOf(container, target.Value) is not null)
            ?? workload.Containers.FirstOrDefault(container => KnownEngine.Of(container) is not null)
            ?? workload.Engine;
        var why = target is not null ? $"{target.Source} leads to it" : KnownEngine.Of(engine) is { } known ? $"its image looks like {known.Title}" : "it is the first container";
        notes.Guess(engine, job.PodField("spec.containers"), $"'{engine.Text("name")}' is taken for the engine, because {why}; the others stay beside it.");
        workload.Body.Put("containers", new YamlList([engine, .. workload.Containers.Where(container => container != engine)], engine.Line, engine.Column));
    }

    public static int Find(ImportJob job)
    {
        var (engine, notes) = (job.Workload.Engine, job.Notes);
        var stated = Targets(job).Select(target => PortOf(engine, target.Value) ?? Parse(target.Value))
            .Concat(Probes.Select(probe => ProbePort(engine, engine.At(probe))))
            .FirstOrDefault(port => port is not null);
        if (stated is { } port)
            return port;

        var declared = engine.Maps("ports").Where(one => (one.Text("protocol") is null or "TCP") && Parse(one.Text("containerPort")) is not null).ToList();
        if (declared.Find(one => WebNames.Contains(one.Text("name"))) is { } web)
            return Parse(web.Text("containerPort"))!.Value;
        if (declared is [var only])
            return Parse(only.Text("containerPort"))!.Value;
        if (declared is [var first, ..])
            return Guess(first, Parse(first.Text("containerPort"))!.Value, $"it is the first of {declared.Count} ports, and none is called http");

        var words = Words.Of(engine);
        var argument = words.Zip(words.Skip(1)).FirstOrDefault(pair => Arguments.Contains(pair.First) && Parse(pair.Second) is not null);
        if (argument.First is not null)
            return Guess(engine, Parse(argument.Second)!.Value, $"it follows {argument.First}");
        return KnownEngine.Of(engine) is { } known
            ? Guess(engine.At("image")!, known.Port, $"the image looks like {known.Title}")
            : Guess(engine, Fallback, "nothing in the file says it; write where the engine listens");

        int Guess(YamlNode at, int number, string why)
        {
            notes.Guess(at, "kubernetes.port", $"{number}, because {why}.");
            return number;
        }
    }

    /// <summary>A port of the container by its name or number; null when it has none such.</summary>
    public static int? PortOf(YamlMap container, string nameOrNumber) =>
        container.Maps("ports").FirstOrDefault(port => port.Text("name") == nameOrNumber || port.Text("containerPort") == nameOrNumber) is { } found
            ? Parse(found.Text("containerPort"))
            : Probes.Any(probe => container.At(probe) is { } asked && PortText(asked) == nameOrNumber) ? Parse(nameOrNumber) : null;

    public static int? ProbePort(YamlMap container, YamlNode? probe) =>
        PortText(probe) is { } text ? Parse(text) ?? PortOf(container, text) : null;

    private static string? PortText(YamlNode? probe) => probe.At("httpGet").Text("port") ?? probe.At("tcpSocket").Text("port");

    /// <summary>Where others send people's requests.</summary>
    private static IEnumerable<Target> Targets(ImportJob job)
    {
        foreach (var conf in job.Workload.Spec.At("network").Maps("networkConf"))
        {
            // Such as "7860", "80/TCP" or "engine:80/TCP,engine:443/TCP".
            if (conf.Text("name") is { } name && name.Contains("Port", StringComparison.Ordinal) && conf.Text("value")?.Split(',')[0].Split('/')[0].Split(':')[^1] is { } number && Parse(number) is not null)
                yield return new(number, $"the network's {name}");
        }

        foreach (var service in job.Others.Where(other => other.Kind == "Service" && job.Selects(other)))
        {
            foreach (var port in service.Content.At("spec").Maps("ports").Where(port => port.Text("protocol") is null or "TCP").OrderByDescending(port => WebNames.Contains(port.Text("name"))))
            {
                if ((port.Text("targetPort") ?? port.Text("port")) is { } target)
                    yield return new(target, service.ToString());
            }
        }
    }

    private static int? Parse(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= 65535 ? number : null;

    /// <param name="Value">A port's number or name.</param>
    private sealed record Target(string Value, string Source);
}
