namespace Aigc.Browser.Tests;

/// <summary>The demo engine under several names and in several tempers.</summary>
public static class Offers
{
    /// <summary>Falls asleep 6 s after the last work; a picture of 60 steps takes twice as long.</summary>
    public const string Dozer = "Postcards";

    public static readonly TimeSpan DozerIdle = TimeSpan.FromSeconds(6);

    /// <summary>Ready at once, and awake until somebody says otherwise.</summary>
    public const string Easel = "Concept art";

    /// <summary>Does not come to an end of its start.</summary>
    public const string Loading = "Storyboards";

    public const string Broken = "Upscaler";

    /// <summary>As processes of the gateway's machine.</summary>
    public static readonly IReadOnlyList<(string Name, string Yaml)> Local =
    [
        ("postcards", Postcards(Process)),
        ("concept-art", Demo("concept-art", Easel, "For sketches and studies, with the team's palettes.", "🖌️")),
        ("storyboards", Demo("storyboards", Loading, "Panels for the next episode, five to a page.", "🎬", startupDelay: "00:05:00")),
        ("upscaler",
            $$"""
            name: upscaler
            title: {{Broken}}
            description: Enlarges finished pictures four times.
            icon: "🔍"
            version: "1"
            local:
              command: sh
              arguments: ["-c", 'echo "loading weights/upscale-4x.safetensors"; echo "error: no such file: weights/upscale-4x.safetensors" >&2; exit 3']
            readiness: { path: / }
            """),
    ];

    /// <summary>As pods, which a kubelet that only plays runs as processes of this machine.</summary>
    public static readonly IReadOnlyList<(string Name, string Yaml)> Pods = [("postcards", Postcards(Pod))];

    private static string Postcards(Func<string, string> runtime) => Demo(
        "postcards", Dozer, "Small pictures in a hurry. Sleeps as soon as the last one is done.", "✉️", idleTimeout: "6s", startupDelay: "00:00:02", runtime);

    private static string Process(string startupDelay) =>
        $$"""
        local:
          command: dotnet
          arguments: ["{demoEngine}", "--urls", "http://127.0.0.1:{port}", "--data", "{data}"]
          environment:
            Demo__StartupDelay: "{{startupDelay}}"
            Demo__LoadingDelay: "00:00:00"
            Demo__StepTime: "00:00:00.200"
        """;

    private static string Pod(string startupDelay) => DemoPod.Section(startupDelay, stepTime: "00:00:00.200");

    private static string Demo(
        string name, string title, string description, string icon, string idleTimeout = "30m", string startupDelay = "00:00:00", Func<string, string>? runtime = null) =>
        $$"""
        name: {{name}}
        title: {{title}}
        description: {{description}}
        icon: "{{icon}}"
        version: "1"
        {{(runtime ?? Process)(startupDelay)}}
        readiness: { path: /healthz }
        busy: { kind: a1111 }
        idleTimeout: {{idleTimeout}}
        startTimeout: 10m
        stopTimeout: 5s
        """;
}
