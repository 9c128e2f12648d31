namespace Aigc.Engines.Templates.Importing;

/// <summary>How the gateway learns that an engine is ready or busy, and how long it may take.</summary>
internal static class EngineProbes
{
    /// <summary>Images of many gigabytes are fetched within it, and models on the first wake.</summary>
    private static readonly TimeSpan Start = TimeSpan.FromMinutes(20);
    private static readonly TimeSpan StartOfKnown = TimeSpan.FromMinutes(45);
    private static readonly TimeSpan LongestStart = TimeSpan.FromHours(2);
    private static readonly TimeSpan LongestStop = TimeSpan.FromMinutes(10);

    /// <summary>What Kubernetes gives a pod that does not say.</summary>
    private const int DefaultGrace = 30;

    public static void Put(ImportJob job, YamlMap template, int port)
    {
        var engine = job.Workload.Engine;
        var known = KnownEngine.Of(engine);
        var hasApi = known?.HasApi(engine) == true;
        template.PutIfAny("readiness", Readiness(job, port, hasApi ? known : null));
        if (known is not null)
            Busy(job, template, known, hasApi);
        else
            job.Notes.Check(engine.At("image") ?? engine, "busy", "None: an engine that works on with no browser open falls asleep after idleTimeout. Write how it says that it works.");
        Timeouts(job, template, known is not null);
    }

    private static YamlMap Readiness(ImportJob job, int port, KnownEngine? known)
    {
        var (engine, notes) = (job.Workload.Engine, job.Notes);
        var readiness = new YamlMap([], engine.Line, engine.Column);
        var probe = engine.Take("readinessProbe");
        var asked = new[] { probe, engine.At("startupProbe") }.FirstOrDefault(one => one.At("httpGet") is not null);
        if (asked.At("httpGet") is { } get && get.Text("scheme") is null or "HTTP" && EnginePort.ProbePort(engine, asked) == port)
        {
            if (get.At("httpHeaders") is { } headers)
                notes.LeftOut(headers, job.PodField("spec.containers[0].readinessProbe.httpGet.httpHeaders"), "the gateway asks without them.");
            readiness.Put("path", get.Text("path") is { } path ? "/" + path.TrimStart('/') : "/");
            if (asked.Number("timeoutSeconds") is > 2 and var seconds)
                readiness.Put("timeout", Duration.Format(TimeSpan.FromSeconds(Math.Min(seconds, 60))));
        }
        else if (known?.ReadinessPath is { } guess)
        {
            notes.Guess(engine.At("image")!, "readiness.path", $"{guess}, because the image looks like {known.Title}.");
            readiness.Put("path", guess);
            readiness.Put("timeout", "5s");
        }
        else if (probe.At("tcpSocket") is null)
            notes.Check(probe ?? engine, "readiness", "An engine is ready as soon as its port accepts connections. Where an address tells better, write readiness.path.");
        if (probe is not null && probe.At("tcpSocket") is null && (probe != asked || readiness.At("path") is null))
            notes.LeftOut(probe, job.PodField("spec.containers[0].readinessProbe"), "the gateway asks over HTTP on the engine's port, or whether that accepts connections.");
        return readiness;
    }

    private static void Busy(ImportJob job, YamlMap template, KnownEngine known, bool hasApi)
    {
        var image = job.Workload.Engine.At("image")!;
        if (known.Busy is { } busy && hasApi)
        {
            job.Notes.Guess(image, "busy.kind", $"{busy}, because the image looks like {known.Title}: a generation goes on with no browser open.");
            template.Put("busy", Fields(image, ("kind", busy)));
        }
        else if (known.Busy is not null)
        {
            job.Notes.Check(image, "busy", $"The image looks like {known.Title}, but {known.ApiArgument} is not among its arguments. Add it, and busy: {{ kind: {known.Busy} }}: else a generation with no browser open ends after idleTimeout.");
        }

        job.Notes.Guess(image, "activity", $"What the page of {known.Title} does by itself is no activity.");
        var activity = new YamlMap([], image.Line, image.Column);
        activity.Put("ignorePaths", new YamlList([.. known.IgnorePaths.Select(path => new YamlText(path, false, image.Line, image.Column))], image.Line, image.Column));
        if (known.FromBrowserOnly)
            activity.Put("webSockets", "from-browser");
        template.Put("activity", activity);
    }

    private static void Timeouts(ImportJob job, YamlMap template, bool isKnown)
    {
        var (body, notes) = (job.Workload.Body, job.Notes);
        var startup = job.Workload.Engine.At("startupProbe");
        var probed = TimeSpan.FromSeconds((startup.Number("initialDelaySeconds") ?? 0) + (double)(startup.Number("failureThreshold") ?? 3) * (startup.Number("periodSeconds") ?? 10));
        var start = new[] { isKnown ? StartOfKnown : Start, startup is null ? TimeSpan.Zero : probed }.Max();
        start = start < LongestStart ? start : LongestStart;
        notes.Guess(startup ?? job.Workload.Engine, "startTimeout", $"{Duration.Format(start)}, from the machine on, with fetching the image.");
        template.Put("startTimeout", Duration.Format(start));

        var grace = TimeSpan.FromSeconds(body.Number("terminationGracePeriodSeconds") ?? DefaultGrace);
        if (body.Take("terminationGracePeriodSeconds") is { } stated && grace > LongestStop)
            notes.LeftOut(stated, job.PodField("spec.terminationGracePeriodSeconds"), $"an engine is given {Duration.Format(LongestStop)} to stop at most.");
        template.Put("stopTimeout", Duration.Format(grace < LongestStop ? grace : LongestStop));
    }

    private static YamlMap Fields(YamlNode at, params (string Name, string Value)[] fields)
    {
        var map = new YamlMap([], at.Line, at.Column);
        foreach (var (name, value) in fields)
            map.Put(name, value);
        return map;
    }

    private static void PutIfAny(this YamlMap template, string name, YamlMap map)
    {
        if (map.Entries.Count > 0)
            template.Put(name, map);
    }
}
