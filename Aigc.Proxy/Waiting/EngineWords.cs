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
            EngineState.Queued => ($"{title} is in the queue", $"{title} 正在排队"),
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

    /// <summary>The reason in one sentence.</summary>
    public static string Why(Route route, string language) => Split(route, language).Sentence;

    /// <summary>The log lines that come with the reason of a failure; null: there are none.</summary>
    public static string? Log(Route route, string language) =>
        route.State == EngineState.Failed && Split(route, language).Log.Trim('\n') is { Length: > 0 } log ? log : null;

    /// <summary>State, reason and log lines, for an error answer.</summary>
    public static string Reason(Route route, string language)
    {
        var title = route.Title.In(language);
        var state = StateWords.For(route.State, language);
        var why = ReasonWords.For(route.Reason, language);
        return language == "zh" ? $"{title}({state}):{why}" : $"{title} ({state}): {why}";
    }

    private static (string Sentence, string Log) Split(Route route, string language)
    {
        // Somebody who is being shown a sleeping engine has just woken it: why it slept before is no news.
        var reason = route.State == EngineState.Asleep ? new Reason(Reasons.Visit) : route.Reason;
        var lines = ReasonWords.For(reason, language).Split('\n', 2);
        return (lines[0], lines.ElementAtOrDefault(1) ?? "");
    }
}
