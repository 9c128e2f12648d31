namespace Aigc.Testing;

/// <summary>The demo engine as a pod: played as a process of this machine where the kubelet only plays containers.</summary>
public static class DemoPod
{
    /// <summary>The <c>kubernetes:</c> section of a template.</summary>
    /// <param name="before">A shell command that runs before the engine, such as <c>date &gt;&gt;file;</c>.</param>
    public static string Section(string startupDelay = "00:00:00", string stepTime = "00:00:00.020", string before = "") =>
        $$"""
        kubernetes:
          port: 7860
          volume: { size: 1Gi, mountPath: /data }
          pod:
            metadata:
              annotations:
                fake-kubelet/exec: >-
                  {{before}}exec dotnet exec '{{Repository.ProgramOf("Aigc.DemoEngine", "samples")}}'
                  --urls http://$POD_IP:7860 --data "$VOLUME_DATA"
            spec:
              containers:
                - name: engine
                  image: aigc/demo-engine
                  env:
                    - { name: Demo__StartupDelay, value: "{{startupDelay}}" }
                    - { name: Demo__LoadingDelay, value: "00:00:00" }
                    - { name: Demo__StepTime, value: "{{stepTime}}" }
        """;
}
