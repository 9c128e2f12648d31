using System.Text.Json.Serialization;
using Aigc.Engines.Policies;

namespace Aigc.Engines.Templates;

/// <summary>An engine that administrators offer, in one immutable version.</summary>
public sealed record Template
{
    /// <summary>Lower-case letters, digits and hyphens, at most 30; begins with a letter.</summary>
    public required string Name { get; init; }
    public required LocalizedText Title { get; init; }
    public required LocalizedText Description { get; init; }

    /// <summary>An emoji or up to two letters, shown on the card.</summary>
    public string Icon { get; init; } = "";
    public required string Version { get; init; }
    public LocalRuntime? Local { get; init; }
    public KubernetesRuntime? Kubernetes { get; init; }
    public ReadinessProbe Readiness { get; init; } = new();
    public BusyProbe? Busy { get; init; }
    public ActivityRules Activity { get; init; } = new();

    /// <summary>At most so many are kept started ahead of the next visits.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Spares { get; init; }

    /// <summary>Sleep after this long without activity.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>What the section <c>idle</c> says besides the timeout.</summary>
    public IdleRule? Idle { get; init; }

    /// <summary>How its engines fall asleep, all of it.</summary>
    [JsonIgnore]
    public IdleRule IdleRule => (Idle ?? new()) with
    {
        Timeout = IdleTimeout,
        UnknownLimit = Idle?.UnknownLimit ?? Busy?.UnknownLimit,
        FailedLimit = Idle?.FailedLimit ?? Busy?.UnknownLimit,
    };

    /// <summary>From start to ready.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>From the polite request to stop to the forced end.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(10);
}

/// <summary>A text in English and, where there is one, Simplified Chinese.</summary>
public sealed record LocalizedText(string En, string? Zh = null)
{
    /// <param name="language">A two-letter language name.</param>
    public string In(string language) => language == "zh" && Zh is not null ? Zh : En;
}

/// <summary>
/// A program on the gateway's own machine. In every string <c>{port}</c>, <c>{data}</c> (the engine's disk), <c>{cache}</c>
/// (a folder shared by engines of one owner) and the operator's own variables are filled in.
/// </summary>
/// <param name="Port">A fixed port; null: a free one is chosen at each start.</param>
/// <param name="Resources">What it needs of pools, by the name of the resource; null: nothing.</param>
public sealed record LocalRuntime(
    string Command,
    IReadOnlyList<string> Arguments,
    IReadOnlyDictionary<string, string> Environment,
    int? Port = null,
    IReadOnlyDictionary<string, long>? Resources = null);

/// <summary>Ready when <paramref name="Path"/> answers below 400; without a path, when the port accepts connections.</summary>
public sealed record ReadinessProbe(string? Path = null, TimeSpan? Timeout = null);

public enum BusyProbeKind
{
    /// <summary><c>GET /sdapi/v1/progress</c>: busy while <c>state.job_count</c> &gt; 0 or <c>progress</c> &gt; 0.</summary>
    A1111,

    /// <summary><c>GET /queue</c>: busy while <c>queue_running</c> or <c>queue_pending</c> is not empty.</summary>
    ComfyUi,

    /// <summary>Any JSON: busy while the value at the path is true, a number above 0, or a list, object or text that is not empty.</summary>
    Json,

    /// <summary>Busy while a port of the engine's accepts connections.</summary>
    Tcp,

    /// <summary>Prometheus text of a DCGM exporter: busy while a GPU of the engine's pod is at work.</summary>
    Dcgm,
}

/// <param name="Path">For <see cref="BusyProbeKind.Json"/>: what to GET.</param>
/// <param name="JsonPointer">For <see cref="BusyProbeKind.Json"/>: where in the answer, as a JSON Pointer (RFC 6901).</param>
/// <param name="UnknownLimit">How long a probe without an answer holds the engine awake.</param>
/// <param name="Count">Where in the answer it says how many pictures or jobs it has done since its start, as a JSON Pointer; null: nowhere.</param>
public sealed record BusyProbe(BusyProbeKind Kind, string? Path = null, string? JsonPointer = null, TimeSpan? UnknownLimit = null, string? Count = null)
{
    /// <summary>For <see cref="BusyProbeKind.Tcp"/>.</summary>
    public int? Port { get; init; }

    /// <summary>For <see cref="BusyProbeKind.Dcgm"/>: where the exporter's text is; null: where the operator says.</summary>
    public string? Url { get; init; }

    /// <summary>For <see cref="BusyProbeKind.Dcgm"/>: idle up to this percentage; null: 5.</summary>
    public int? Above { get; init; }

    /// <summary>Sent with the request, for engines with a sign-in of their own. <c>{name}</c> is the operator's variable.</summary>
    public IReadOnlyDictionary<string, string>? Headers { get; init; }
}

/// <summary>What counts as activity besides requests.</summary>
/// <param name="IgnorePaths">Path prefixes that pages poll by themselves: requests to them are no activity.</param>
/// <param name="WebSocketsFromBrowserOnly">Whether only frames from the browser count, for engines that chatter by themselves.</param>
public sealed record ActivityRules(IReadOnlyList<string>? IgnorePaths = null, bool WebSocketsFromBrowserOnly = false);
