namespace Aigc.EndToEnd.Tests;

/// <summary>Engines to test with: the demo engine in several tempers, and programs that misbehave.</summary>
internal static class Templates
{
    /// <summary>Awake at once, and not put to sleep during a test.</summary>
    public static readonly string Quick = Demo("quick", idleTimeout: "30m", stepTime: "00:00:00.020");

    /// <summary>Falls asleep after 5 s without activity.</summary>
    public static readonly string Dozer = Demo("dozer", idleTimeout: "5s", stepTime: "00:00:00.200");

    public static string Demo(string name, string idleTimeout, string stepTime, string loadingDelay = "00:00:00", string startTimeout = "60s") =>
        $$"""
        name: {{name}}
        title: Test {{name}}
        description: The demo engine, for tests.
        version: "1"
        local:
          command: dotnet
          arguments: ["{demoEngine}", "--urls", "http://127.0.0.1:{port}", "--data", "{data}"]
          environment:
            Demo__StartupDelay: "00:00:00"
            Demo__LoadingDelay: "{{loadingDelay}}"
            Demo__StepTime: "{{stepTime}}"
        readiness: { path: /healthz }
        busy: { kind: a1111 }
        idleTimeout: {{idleTimeout}}
        startTimeout: {{startTimeout}}
        stopTimeout: 5s
        """;

    public static string Shell(string name, string script, string startTimeout = "30s") =>
        $$"""
        name: {{name}}
        title: Test {{name}}
        description: A program that misbehaves.
        version: "1"
        local:
          command: sh
          arguments: ["-c", '{{script}}']
        readiness: { path: / }
        idleTimeout: 30m
        startTimeout: {{startTimeout}}
        stopTimeout: 2s
        """;
}
