using System.Globalization;
using System.Text.Json.Nodes;
using Aigc.KubeSim.Objects;

namespace Aigc.KubeSim.Pods;

/// <summary>What a pod's annotations ask its kubelet to play.</summary>
internal sealed class Behaviour(JsonObject pod)
{
    public string? Command => Annotation("exec");

    /// <summary><c>run</c>, <c>never-ready</c>, <c>pull-error</c>, <c>crash-loop</c>, <c>oom</c>, <c>succeed</c>, <c>fail</c> or <c>stuck-terminating</c>.</summary>
    public string Kind => Annotation("behaviour") ?? (pod.Text("spec", "restartPolicy") == "Always" ? "run" : "succeed");

    public TimeSpan StartDelay => Seconds("start-delay", 0);

    public TimeSpan ReadyDelay => Seconds("ready-delay", 0);

    public TimeSpan StopDelay => Seconds("stop-delay", 0);

    public TimeSpan RunTime => Seconds("run-seconds", 2);

    private string? Annotation(string name) => pod.Text("metadata", "annotations", $"fake-kubelet/{name}");

    private TimeSpan Seconds(string name, double usual) =>
        TimeSpan.FromSeconds(double.TryParse(Annotation(name), CultureInfo.InvariantCulture, out var seconds) ? seconds : usual);
}
