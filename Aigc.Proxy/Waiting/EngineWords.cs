using Aigc.Engines.Lifecycle;
using Aigc.Engines.Tracking;

namespace Aigc.Proxy.Waiting;

/// <summary>An engine's state in words, for the person who waits for it.</summary>
public static class EngineWords
{
    public static string Heading(Route route, string language)
    {
        var title = route.Title.In(language);
        var (en, zh) = route.State switch
        {
            EngineState.Queued => ($"{title} is waiting for a free GPU", $"{title} 正在等待空闲 GPU"),
            EngineState.Starting => ($"{title} is starting", $"{title} 正在启动"),
            EngineState.Ready when route.Draining => ($"{title} was about to fall asleep", $"{title} 即将休眠"),
            EngineState.Ready => ($"{title} is ready", $"{title} 已就绪"),
            EngineState.Stopping => ($"{title} is stopping first", $"{title} 正在停止"),
            EngineState.Failed => ($"{title} could not be started", $"{title} 无法启动"),
            EngineState.Deleting => ($"{title} is being deleted", $"{title} 正在删除"),
            _ => ($"{title} is waking up", $"{title} 正在唤醒"),
        };
        return language == "zh" ? zh : en;
    }

    /// <summary>Why, in one sentence; after a failure it says what to do.</summary>
    public static string Why(Route route, string language) => ReasonWords.For(route.Reason, language).Split('\n')[0];

    /// <summary>What its program said last; null when it said nothing, or did not fail.</summary>
    public static string? LastLines(Route route, string language) =>
        ReasonWords.For(route.Reason, language).Split('\n', 2) is [_, var lines] ? lines : null;

    /// <summary>State and reason, for an error answer.</summary>
    public static string Reason(Route route, string language) =>
        $"{Heading(route, language)}{(language == "zh" ? "。" : ". ")}{ReasonWords.For(route.Reason, language)}";
}
