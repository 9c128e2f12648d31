using System.Globalization;
using Aigc.Engines.Templates;

namespace Aigc.Engines.Lifecycle;

/// <summary>Turns a <see cref="Reason"/> into a sentence for people; one about a failure says what to do next.</summary>
public static class ReasonWords
{
    /// <param name="language">A two-letter language name; anything but <c>zh</c> is English.</param>
    public static string For(Reason reason, string language) =>
        Sentence(reason).In(language);

    private static LocalizedText Sentence(Reason reason)
    {
        // The detail's first line belongs in the sentence; the log lines after it follow below.
        var (first, log) = Split(reason.Detail);
        return reason.Code switch
        {
            Reasons.Created => new("Created, and asleep until its first visit.", "已创建，首次访问时唤醒。"),
            Reasons.Visit => new("Woken by a visit.", "因访问而唤醒。"),
            Reasons.WakeAsked => new("Woken on request.", "应请求唤醒。"),
            Reasons.SleepAsked => new("Put to sleep on request; its disk is kept.", "应请求休眠，磁盘保留。"),
            Reasons.RestartAsked => new("Restarting on request.", "应请求重启。"),
            Reasons.DeleteAsked => new("Being deleted on request.", "应请求删除。"),
            Reasons.Idle => new("Fell asleep because nobody was working; its disk is kept, and a visit wakes it.", "因无人使用而休眠，磁盘保留，访问即可唤醒。"),
            Reasons.GatewayStopped => new("Stopped together with the gateway; a visit wakes it.", "随网关一起停止，访问即可唤醒。"),

            Reasons.AdminAccess => new(
                $"An administrator opened it for a limited time{In(first, ": {0}")}.", $"管理员临时打开了此引擎{In(first, "：{0}")}。"),
            Reasons.AdminAccessEnded => new("An administrator's access was ended.", "管理员的临时访问已结束。"),

            Reasons.Queued => Position(first),
            Reasons.Starting => new("Its program is starting.", "程序正在启动。"),
            Reasons.Loading => new("Its program runs and is loading.", "程序已运行，正在加载。"),
            Reasons.Ready => new("Ready to work.", "可以使用。"),
            Reasons.Draining => new("About to fall asleep; a visit keeps it awake.", "即将休眠，访问即可保持唤醒。"),
            Reasons.Stopping => new("Its program is stopping.", "程序正在停止。"),
            Reasons.StopForced => new("Its program did not stop when asked and was ended.", "程序未按要求停止，已强制结束。"),
            Reasons.StoppingToWake => new("Stopping first; it then wakes again.", "先停止，随后重新唤醒。"),
            Reasons.CrashedRestarting => new("Its program ended unexpectedly and is started again.", "程序意外结束，正在重新启动。"),

            Reasons.Exited => new(
                $"Its program ended{In(first, " with exit code {0}")}. Read its last lines, then wake the engine again.{log}",
                $"程序已结束{In(first, "(退出码 {0})")}。请查看最后的日志，然后重新唤醒。{log}"),
            Reasons.NeverListened => new(
                $"Its program runs but never listened on its port. Check the port in the template, then wake the engine again.{Log(reason.Detail)}",
                $"程序已运行，但一直没有监听端口。请检查模板中的端口，然后重新唤醒。{Log(reason.Detail)}"),
            Reasons.NeverReady => new(
                $"Its program did not become ready in time{In(first, " (last seen: {0})")}. Read its last lines or raise startTimeout, then wake the engine again.{log}",
                $"程序未能及时就绪{In(first, "(最后一次:{0})")}。请查看最后的日志或调大 startTimeout,然后重新唤醒。{log}"),
            Reasons.CommandMissing => new(
                $"The program{In(first, " '{0}'")} is not on the gateway's machine. Ask an administrator to install it or to correct the template, then wake the engine again.",
                $"网关所在机器上找不到程序{In(first, "“{0}”")}。请联系管理员安装该程序或修正模板，然后重新唤醒。"),
            Reasons.TemplateMissing => new(
                $"The template{In(first, " '{0}'")} is no longer offered. Ask an administrator to offer it again; the disk is kept.",
                $"模板{In(first, "“{0}”")}已不再提供。请联系管理员恢复，磁盘保留。"),
            Reasons.StartFailed => new(
                $"It could not be started{In(first, ": {0}")}. Wake it again; if that does not help, ask an administrator.{log}",
                $"无法启动{In(first, ":{0}")}。请重新唤醒；若仍失败，请联系管理员。{log}"),

            // Written by a newer version of another service.
            _ => new($"{reason.Code}{In(first, ": {0}")}", null),
        };
    }

    private static LocalizedText Position(string first) =>
        int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var position)
            ? new($"Waiting for its turn, number {position} in the queue.", $"正在排队，当前第 {position} 位。")
            : new("Waiting for its turn.", "正在排队。");

    private static (string First, string Log) Split(string? detail)
    {
        var lines = (detail ?? "").Split('\n', 2);
        return (lines[0].Trim().TrimEnd('.'), Log(lines.ElementAtOrDefault(1)));
    }

    private static string Log(string? lines) => string.IsNullOrWhiteSpace(lines) ? "" : "\n" + lines.TrimEnd();

    private static string In(string value, string format) => value.Length == 0 ? "" : format.Replace("{0}", value, StringComparison.Ordinal);
}
