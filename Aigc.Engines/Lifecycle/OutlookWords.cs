using Aigc.Engines.Templates;

namespace Aigc.Engines.Lifecycle;

/// <summary>Turns an <see cref="Outlook"/> into a sentence for people. Times are left to whoever shows it, as <c>{until}</c> and <c>{last}</c>.</summary>
public static class OutlookWords
{
    public const string Until = "{until}";
    public const string Last = "{last}";

    /// <param name="language">A two-letter language name; anything but <c>zh</c> is English.</param>
    public static string For(Outlook outlook, DateTimeOffset now, string language) =>
        (outlook.EndsAt is null ? Awake(outlook, now) : Ending(outlook)).In(language);

    /// <summary>When its <c>{until}</c> is.</summary>
    public static DateTimeOffset UntilOf(Outlook outlook, DateTimeOffset now) => outlook.EndsAt ?? outlook.Until(now);

    /// <summary>What the engine does, as its probe says: "a picture is being made (ComfyUI queue: 2)".</summary>
    public static LocalizedText Work(ProbeWord? said) => said switch
    {
        { Kind: BusyProbeKind.ComfyUi, Jobs: { } jobs } => new($"a picture is being made (ComfyUI queue: {jobs})", $"正在生成图片（ComfyUI 队列：{jobs}）"),
        { Kind: BusyProbeKind.A1111 or BusyProbeKind.ComfyUi } => new("a picture is being made", "正在生成图片"),
        { Kind: BusyProbeKind.Dcgm, Jobs: { } percent } => new($"its GPU is at work ({percent} %)", $"GPU 正在工作（{percent}%）"),
        { Jobs: { } jobs } => new($"it is at work (jobs: {jobs})", $"正在工作（任务数：{jobs}）"),
        _ => new("it is at work", "正在工作"),
    };

    private static LocalizedText Awake(Outlook outlook, DateTimeOffset now)
    {
        var why = Why(outlook);
        var last = LastUse(outlook.Last);
        var until = outlook.Until(now) <= now ? new("", "")
            : outlook.Why is Hold.Unknown or Hold.Failed || (outlook.Why == Hold.Work && outlook.SleepsAt <= now + outlook.Timeout)
                ? new LocalizedText($", until {Until} at the latest", $"，最迟到 {Until}")
            : new($", until at least {Until}", $"，至少到 {Until}");
        return new($"{why.En}{until.En}; last activity: {last.En}.", $"{why.Zh}{until.Zh}；最近活动：{last.Zh}。");
    }

    private static LocalizedText Why(Outlook outlook)
    {
        var detail = outlook.Said?.Detail;
        return outlook.Why switch
        {
            Hold.Request => new("Awake because a request is being answered", "保持唤醒：正在处理请求"),
            Hold.Work => new($"Awake because {Work(outlook.Said).En}", $"保持唤醒：{Work(outlook.Said).Zh}"),
            Hold.Unknown => new($"Awake because nobody can tell whether it is at work ({detail})", $"保持唤醒：无法判断是否在工作（{detail}）"),
            Hold.Failed => new($"Awake because it may be at work: its probe has no answer ({detail})", $"保持唤醒：探测没有响应，可能正在工作（{detail}）"),
            Hold.Expected => new("Awake ahead of its owner, who often comes at this time", "保持唤醒：所有者常在此时使用"),
            Hold.KeepAwake => new("Awake because its owner wants it to be", "保持唤醒：所有者要求"),
            _ => new("Awake because it was in use not long ago", "保持唤醒：不久前有人使用"),
        };
    }

    private static LocalizedText LastUse(UseKind kind) => kind switch
    {
        UseKind.Request => new($"a request at {Last}", $"{Last} 的请求"),
        UseKind.Visit => new($"a visit at {Last}", $"{Last} 的访问"),
        UseKind.Work => new($"its own work, at {Last}", $"{Last} 仍在工作"),
        _ => new($"it became ready at {Last}", $"{Last} 就绪"),
    };

    private static LocalizedText Ending(Outlook outlook) => outlook.Ends switch
    {
        Reasons.QuietHours => new($"Falls asleep at {Until}, because working hours are over and nobody is working.", $"将于 {Until} 休眠：已过工作时间且无人使用。"),
        Reasons.NobodyCame => new($"Falls asleep at {Until}, because nobody came.", $"将于 {Until} 休眠：无人使用。"),
        Reasons.BusyTooLong => new(
            $"Falls asleep at {Until}, because it has said for longer than it may that it is at work.", $"将于 {Until} 休眠：持续声称忙碌的时间已达上限。"),
        Reasons.UnknownTooLong => new(
            $"Falls asleep at {Until}, because for too long nobody could tell whether it is at work.", $"将于 {Until} 休眠：长时间无法判断是否在工作。"),
        Reasons.FailedTooLong => new($"Falls asleep at {Until}, because its probe has had no answer for too long.", $"将于 {Until} 休眠：探测长时间没有响应。"),
        _ => new($"Falls asleep at {Until}, because nobody is working.", $"将于 {Until} 休眠：无人使用。"),
    };
}
