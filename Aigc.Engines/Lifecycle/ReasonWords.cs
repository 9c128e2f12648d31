using Aigc.Engines.Pools;
using Aigc.Engines.Quotas;
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
            Reasons.SleepAskedWhileBusy => new(
                $"Put to sleep on request while it was at work{In(first, ": {0}")}. Its disk is kept.", $"应请求休眠，当时正在工作{In(first, "：{0}")}。磁盘保留。"),
            Reasons.RestartAskedWhileBusy => new(
                $"Restarting on request, although it was at work{In(first, ": {0}")}.", $"应请求重启，当时正在工作{In(first, "：{0}")}。"),
            Reasons.QuietHours => new(
                "Fell asleep because nobody was working, sooner than in working hours; its disk is kept, and a visit wakes it.",
                "因非工作时间无人使用而提前休眠，磁盘保留，访问即可唤醒。"),
            Reasons.BusyTooLong => new(
                $"Fell asleep because it said for too long that it was at work{In(first, " ({0})")}; its disk is kept, and a visit wakes it.",
                $"因持续声称忙碌的时间过长而休眠{In(first, "（{0}）")}，磁盘保留，访问即可唤醒。"),
            Reasons.UnknownTooLong => new(
                $"Fell asleep because it could not be told for too long whether it was at work{In(first, " ({0})")}; its disk is kept, and a visit wakes it.",
                $"因长时间无法判断是否在工作而休眠{In(first, "（{0}）")}，磁盘保留，访问即可唤醒。"),
            Reasons.FailedTooLong => new(
                $"Fell asleep because it did not answer for too long{In(first, " ({0})")}; its disk is kept, and a visit wakes it.",
                $"因长时间没有响应而休眠{In(first, "（{0}）")}，磁盘保留，访问即可唤醒。"),
            Reasons.GatewayStopped => new("Stopped together with the gateway; a visit wakes it.", "随网关一起停止，访问即可唤醒。"),

            Reasons.Spare => new("Started ahead of the next visit.", "为即将到来的访问预先启动。"),
            Reasons.SpareNotNeeded => new("Asleep: nobody is expected soon.", "预计近期无人访问，已休眠。"),
            Reasons.Habit => new("Woken ahead of its owner, who often comes at this time.", "所有者常在此时使用，已提前唤醒。"),
            Reasons.NobodyCame => new("Fell asleep because nobody came; its disk is kept, and a visit wakes it.", "提前唤醒后无人使用，已休眠；磁盘保留，访问即可唤醒。"),
            Reasons.NoRoomAhead => new("Not woken ahead of its owner, because nothing was free; a visit wakes it.", "暂无空闲资源，未提前唤醒；访问即可唤醒。"),
            Reasons.SpareTaken => new("Took over an engine that was started ahead of the visit.", "接管了预先启动的引擎。"),

            Reasons.AdminAccess => new(
                $"An administrator opened it for a limited time{In(first, ": {0}")}.", $"管理员临时打开了此引擎{In(first, "：{0}")}。"),
            Reasons.AdminAccessEnded => new("An administrator's access was ended.", "管理员的临时访问已结束。"),
            Reasons.PoolAsked => new($"Asked for the pool {first}.", $"已指定资源池 {first}。"),
            Reasons.QuotaNear => QuotaWords.Near(first),
            Reasons.Placed => PoolWords.Placed(first),
            Reasons.DiskGrown => new($"Its disk grows{In(first, ": {0}")}.", $"磁盘正在扩容{In(first, "：{0}")}。"),
            Reasons.DiskNotGrown => new(
                $"Its disk keeps its size, because the cluster does not let it grow{In(first, ": {0}")}. Ask an administrator about the cluster's storage.",
                $"磁盘大小不变，集群不允许扩容{In(first, "：{0}")}。请联系管理员检查集群存储。"),

            Reasons.Queued => Position(first),
            Reasons.ClusterAway => new(
                $"The cluster can't be asked{In(first, ": {0}")}. It starts by itself once the cluster answers; if that lasts, ask an administrator.",
                $"暂时无法连接集群{In(first, "：{0}")}。集群恢复响应后会自动启动；若长时间如此，请联系管理员。"),
            Reasons.Placing => new("Waiting for a machine of the cluster.", "正在等待集群分配机器。"),
            Reasons.NoRoom when Shortage.ResourcesIn(first) is { } resources => new(
                $"No machine of the cluster has enough free {resources}{Ahead(reason).English}. It starts by itself as soon as one has; putting another engine to sleep helps.",
                $"集群中暂无足够的空闲 {resources}{Ahead(reason).Chinese}。一有空位即自动启动；让其他引擎休眠可腾出资源。"),
            Reasons.NoRoom => new(
                $"No machine of the cluster has room for it{In(first, ": {0}")}{Ahead(reason).English}. It starts by itself as soon as one has; putting another engine to sleep helps.",
                $"集群中暂无可用机器{In(first, "：{0}")}{Ahead(reason).Chinese}。一有空位即自动启动；让其他引擎休眠可腾出资源。"),
            Reasons.QuotaUsed => new(
                $"What the cluster allows the gateway is used up{In(first, ": {0}")}. Put another engine to sleep, or ask an administrator for more.",
                $"集群分配给网关的配额已用完{In(first, "：{0}")}。请让其他引擎休眠，或联系管理员扩容。"),
            Reasons.DiskPending => new(
                $"Its disk is not there yet{In(first, ": {0}")}. If that lasts, ask an administrator about the cluster's storage.",
                $"磁盘尚未就绪{In(first, "：{0}")}。若长时间如此，请联系管理员检查集群存储。"),
            Reasons.DiskElsewhere => new(
                $"Its disk is still with another machine{In(first, ": {0}")}. It starts once that one lets go; if that lasts, ask an administrator.",
                $"磁盘仍被另一台机器占用{In(first, "：{0}")}。释放后即自动启动；若长时间如此，请联系管理员。"),
            Reasons.Fetching => new("Its machine fetches the image and attaches the disk.", "机器正在拉取镜像并挂载磁盘。"),
            Reasons.Pulling => new(
                $"Its machine downloads the image{In(first, " {0}")}. The first time on a machine takes minutes; after that it is there.",
                $"机器正在下载镜像{In(first, " {0}")}。首次下载需要几分钟，之后无需重复。"),
            Reasons.Unpacked => new("The image is there; its container begins.", "镜像已就绪，容器即将启动。"),
            Reasons.ImageMissing => new(
                $"Its image can't be fetched{In(first, ": {0}")}. Ask an administrator to check the image's name and the access to its registry.",
                $"无法拉取镜像{In(first, "：{0}")}。请联系管理员检查镜像名称和仓库访问权限。"),
            Reasons.NotAsTemplated => new(
                $"Its machine can't start it as the template says{In(first, ": {0}")}. Ask an administrator to correct the template.",
                $"机器无法按模板启动{In(first, "：{0}")}。请联系管理员修正模板。"),
            Reasons.Displaced => new(
                "The cluster needs its machine for something else; it goes back to the queue and starts again by itself.",
                "集群收回了它的机器；它会重新排队并自动启动。"),
            Reasons.MachineGone => new(
                $"Its machine{In(first, " {0}")} does not answer, and nobody else may use its disk meanwhile. It goes on when the machine comes back, or when an administrator removes it from the cluster.",
                $"所在机器{In(first, " {0} ")}没有响应，其间磁盘不会交给其他机器。机器恢复，或管理员将其移出集群后即可继续。"),
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
            Reasons.NeverPlaced => new(
                "The cluster gave it no machine in time. Wake the engine again later; if that does not help, ask an administrator.",
                "集群未能及时分配机器。请稍后重新唤醒；若仍失败，请联系管理员。"),
            Reasons.NeverFetched => new(
                "Its image or its disk did not reach the machine in time. Wake the engine again; if that does not help, raise startTimeout or ask an administrator.",
                "镜像或磁盘未能及时就位。请重新唤醒；若仍失败，请调大 startTimeout 或联系管理员。"),
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
            Reasons.OutOfMemory => new(
                $"Its program needed more memory than it may have, and was ended. Ask an administrator for a larger memory limit in the template, then wake the engine again.{log}",
                $"程序所需内存超过上限，已被终止。请联系管理员调大模板中的内存上限，然后重新唤醒。{log}"),
            Reasons.ClusterRefused => new(
                $"The cluster refused it{In(first, ": {0}")}. Ask an administrator, then wake the engine again.{log}",
                $"集群拒绝了它{In(first, "：{0}")}。请联系管理员，然后重新唤醒。{log}"),
            Reasons.ClusterForbids => new(
                $"The gateway lacks a right in the cluster{In(first, ": {0}")}. Ask an administrator to grant it, then wake the engine again.{log}",
                $"网关在集群中缺少权限{In(first, "：{0}")}。请联系管理员授权，然后重新唤醒。{log}"),

            // Written by a newer version of another service.
            _ => new($"{reason.Code}{In(first, ": {0}")}", null),
        };
    }

    private static LocalizedText Position(string first) =>
        QueuePlace.Parse(first) is { } place ? PoolWords.Waiting(place) : new("Waiting for its turn.", "正在排队。");

    private static (string English, string Chinese) Ahead(Reason reason) => reason.Ahead switch
    {
        null => ("", ""),
        0 => ("; it is the next", "；下一个就轮到它"),
        1 => ("; 1 engine ahead of it", "；前面还有 1 个引擎"),
        var many => ($"; {many} engines ahead of it", $"；前面还有 {many} 个引擎"),
    };

    private static (string First, string Log) Split(string? detail)
    {
        var lines = (detail ?? "").Split('\n', 2);
        return (lines[0].Trim().TrimEnd('.'), Log(lines.ElementAtOrDefault(1)));
    }

    private static string Log(string? lines) => string.IsNullOrWhiteSpace(lines) ? "" : "\n" + lines.TrimEnd();

    private static string In(string value, string format) => value.Length == 0 ? "" : format.Replace("{0}", value, StringComparison.Ordinal);
}
