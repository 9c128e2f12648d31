using Aigc.Engines.Lifecycle;
using Aigc.Engines.Pools;
using Aigc.Engines.Tracking;
using Aigc.Proxy.Routes;

namespace Aigc.Proxy.Waiting;

/// <summary>An engine's state as its waiting page shows it.</summary>
/// <param name="Ready">The page can become the engine now.</param>
/// <param name="Asleep">What to say if it fell asleep again while somebody waited, and <paramref name="AsleepReason"/> why.</param>
/// <param name="Log">The last lines of an engine that failed.</param>
/// <param name="Elapsed">Milliseconds since the state began.</param>
/// <param name="Other">A pool that has room while it waits for another one, and <paramref name="OtherWords"/> to go there.</param>
/// <param name="SleepsAt">When it falls asleep unless somebody uses it, once its owner is being told.</param>
public sealed record EngineView(
    string State, bool Ready, string Heading, string Asleep, string Reason, string AsleepReason, string? Log, long Elapsed,
    string? Other = null, string? OtherWords = null, DateTimeOffset? SleepsAt = null)
{
    /// <param name="route">Of the engine, as it is shown.</param>
    public static EngineView Of(LiveEngine engine, Route route, string language, DateTimeOffset now)
    {
        var title = route.Title.In(language);
        var other = route is { State: EngineState.Queued, Reason.Code: Reasons.Queued } ? QueuePlace.Parse(route.Reason.Detail)?.Other : null;
        return new(
            route.State.ToString(),
            engine.Target is not null,
            EngineWords.Heading(route, language),
            language == "zh" ? $"{title} 已休眠" : $"{title} is asleep",
            EngineWords.Why(route, language),
            ReasonWords.For(route.Reason, language),
            EngineWords.Log(route, language),
            // How long it slept is not how long somebody waits.
            route.State == EngineState.Asleep ? 0 : Math.Max(0, (long)(now - route.Since).TotalMilliseconds),
            other,
            other is null ? null : language == "zh" ? $"改在 {other} 启动" : $"Start in {other} instead",
            route.SleepsAt);
    }
}
