using Aigc.Api.Dashboard.Rules;
using Aigc.Engines.Policies;

namespace Aigc.Api.Dashboard.Words;

public sealed partial class Text
{
    // About to fall asleep.
    public string FallsAsleep(string title) => T($"{title} is about to fall asleep", $"“{title}”即将休眠");
    public string FallsAsleepIn => T("In", "倒计时");
    public string KeepAwakeOneHour => T("Keep awake for 1 hour", "保持唤醒 1 小时");
    public string KeepAwakeFourHours => T("Keep awake for 4 hours", "保持唤醒 4 小时");
    public string NotifyMe => T("Notify me next time", "下次通知我");
    public string Warnings => T("Engines about to fall asleep", "即将休眠的引擎");
    public string Clock(DateTimeOffset time) => time.UtcDateTime.ToString("HH:mm 'UTC'", _culture);

    // Asked before work is lost.
    public string BusyTitle(string title) => T($"{title} is at work", $"“{title}”正在工作");
    public string BusyLead(string work) => T($"Right now, {work}. Whatever is not finished is lost; files that are on its disk stay.", $"当前状态：{work}。未完成的内容会丢失，已保存到磁盘的文件不受影响。");
    public string SleepAnyway => T("Put it to sleep all the same", "仍然休眠");
    public string RestartAnyway => T("Restart it all the same", "仍然重启");
    public string LetItWork => T("Let it work", "让它继续工作");

    // The policy in words.
    public string WhenItSleeps => T("Falls asleep", "休眠规则");
    private string Policy(Sourced timeout) => T($"after {Duration(timeout.Value)} without activity ({From(timeout.Source)})", $"空闲 {Duration(timeout.Value)}后休眠（{From(timeout.Source)}）");
    private string PolicyScarce(Sourced timeout) => T(
        $"sooner while cards are scarce, after {Duration(timeout.Value)} when none is free ({From(timeout.Source)})", $"显卡紧张时更早休眠，无空闲时为 {Duration(timeout.Value)}后（{From(timeout.Source)}）");
    private string PolicyBusy(Sourced limit) => T(
        $"not while it says that it is at work, for up to {Duration(limit.Value)} ({From(limit.Source)})", $"工作期间不休眠，最长 {Duration(limit.Value)}（{From(limit.Source)}）");
    private string PolicyUnknown(Sourced limit) => T(
        $"not while nobody can tell, for up to {Duration(limit.Value)} ({From(limit.Source)})", $"无法判断时不休眠，最长 {Duration(limit.Value)}（{From(limit.Source)}）");
    private string PolicyFailed(Sourced limit) => T(
        $"not while its probe has no answer, for up to {Duration(limit.Value)} ({From(limit.Source)})", $"探测没有响应时不休眠，最长 {Duration(limit.Value)}（{From(limit.Source)}）");
    private string PolicyWarning(TimeSpan warning, PolicySource source) => T(
        $"its owner is told {Duration(warning)} before ({From(source)})", $"提前 {Duration(warning)}通知所有者（{From(source)}）");

    /// <summary>The whole policy, a line for each part.</summary>
    /// <param name="probed">Whether the engine is asked if it is at work.</param>
    public IEnumerable<string> Lines(IdlePolicy policy, bool probed)
    {
        yield return Policy(policy.Timeout);
        if (policy.ScarceTimeout is { } scarce && scarce.Value < policy.Timeout.Value)
            yield return PolicyScarce(scarce);
        foreach (var quiet in policy.Calendars)
            yield return PolicyOutside(quiet);
        if (probed)
        {
            yield return PolicyBusy(policy.BusyLimit);
            yield return PolicyUnknown(policy.UnknownLimit);
            yield return PolicyFailed(policy.FailedLimit);
        }

        yield return PolicyWarning(policy.WarningFor(policy.Timeout.Value), policy.WarnBefore.Source);
    }

    private string PolicyOutside(QuietTime quiet)
    {
        var rules = new List<string>();
        if (quiet.Outside.Timeout is { } timeout)
            rules.Add(T($"after {Duration(timeout)} without activity", $"空闲 {Duration(timeout)}后休眠"));
        if (quiet.Outside.MaxAge is { } age)
        {
            rules.Add(T(
                $"once it has been awake for {Duration(age)}, after {Duration(IdlePolicy.Lull)} without activity", $"已唤醒 {Duration(age)}的，空闲 {Duration(IdlePolicy.Lull)}后休眠"));
        }

        return T(
            $"outside of {Hours(quiet)}: {string.Join("; ", rules)} ({From(quiet.Source)})", $"{Hours(quiet)} 以外：{string.Join("；", rules)}（{From(quiet.Source)}）");
    }

    private string Hours(QuietTime quiet)
    {
        var names = _culture.DateTimeFormat.AbbreviatedDayNames;
        var days = string.Join(T(", ", "、"), quiet.Hours.Days.OrderBy(day => ((int)day + 6) % 7).Select(day => names[(int)day]));
        return $"{days} {Time(quiet.Hours.From)}–{Time(quiet.Hours.To)} ({quiet.Calendar.Zone.Id})";
    }

    private static string Time(TimeSpan time) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{(int)time.TotalHours:00}:{time.Minutes:00}");

    private string From(PolicySource source) => source.Level switch
    {
        PolicyLevel.Template => T("template", "模板"),
        PolicyLevel.Pool => T($"pool {source.Name}", $"资源池 {source.Name}"),
        PolicyLevel.Everyone => T("everyone", "所有人"),
        PolicyLevel.Group => T($"group {source.Name}", $"群组 {source.Name}"),
        PolicyLevel.Person => T("its owner", "所有者"),
        _ => T("default", "默认"),
    };

    // Woken ahead of its owner.
    public string Habit => T("Awake before you come", "提前唤醒");
    public string HabitLead => T(
        "When you come at about the same time on most weeks, it is woken a few minutes before. If you don't come, it sleeps again.",
        "如果您多数星期都在同一时间使用，它会提前几分钟唤醒；若您没有来，它会再次休眠。");
    public string NoHabit => T(
        "No habit is known yet: it takes three of the last four weeks with a visit at the same time of the same day.", "尚未发现规律：需要最近四周中有三周在同一天的同一时间使用。");
    public string HabitOff => T("It sleeps until somebody visits it.", "在有人访问之前保持休眠。");
    public string DoNotWakeAhead => T("Don't wake it ahead", "不要提前唤醒");
    public string WakeAhead => T("Wake it ahead", "提前唤醒");
    public string PreWakeSet(string title, bool allowed) => allowed
        ? T($"{title} is woken ahead of you.", $"“{title}”将提前唤醒。")
        : T($"{title} is not woken ahead of you.", $"“{title}”不再提前唤醒。");
    public string TimesOf(TimeZoneInfo zone) => T($"By the clock of {zone.Id}.", $"时区：{zone.Id}。");
    public string DayAndTime(DateTimeOffset at) => at.ToString("ddd HH:mm", _culture);

    // Rules of administrators.
    public string IdleRules => T("Idle rules", "休眠规则");
    public string IdleRulesLead => T(
        "When engines fall asleep, beyond what their templates say. Of all rules that apply the strictest counts, field by field.",
        "在模板之外，规定引擎何时休眠。同时适用多条规则时，逐项取最严格的一条。");
    public string NoRules => T("There is no rule yet: the templates decide.", "还没有规则，以模板为准。");
    public string NewRule => T("Lay down a rule", "新增规则");
    public string EditRule => T("Change", "修改");
    public string RemoveRule => T("Remove", "删除");
    public string SaveRule => T("Save the rule", "保存规则");
    public string RuleFor => T("For", "适用于");
    public string ScopeName(RuleScope scope) => scope switch
    {
        RuleScope.Group => T("A group", "群组"),
        RuleScope.Person => T("A person", "个人"),
        _ => T("Everyone", "所有人"),
    };
    public string ScopeId => T("Its id (not for everyone)", "标识（所有人不填）");
    public string RuleSays => T("Says", "内容");
    public string WorkingHours => T("Working hours", "工作时间");
    public string OutsideWorkingHours => T("Outside of working hours", "工作时间以外");
    public string DurationNote => T("Durations are written 20m, 1h30m or 8h; what is empty is left to others.", "时长写作 20m、1h30m 或 8h；留空表示不作规定。");
    public string RuleSaved => T("The rule is saved; it applies from now on.", "规则已保存，立即生效。");
    public string RuleRemoved => T("The rule is removed.", "规则已删除。");
    public string RuleWrong(IReadOnlyList<string> errors) => T($"Nothing was changed. {string.Join(" ", errors)}", $"未作更改。{string.Join(" ", errors)}");
    public string DayName(DayOfWeek day) => _culture.DateTimeFormat.GetAbbreviatedDayName(day);

    /// <summary>What a rule says, a line for each field.</summary>
    public IEnumerable<string> Lines(IdleRuleForm rule)
    {
        (string Name, string? Value)[] fields =
        [
            ("timeout", rule.Timeout), ("warnBefore", rule.WarnBefore), ("busyLimit", rule.BusyLimit), ("unknownLimit", rule.UnknownLimit),
            ("failedLimit", rule.FailedLimit),
        ];
        foreach (var (name, value) in fields.Where(field => field.Value is not null))
            yield return $"{RuleField(name)}: {value}";
        if (rule.Days.Count > 0)
        {
            var days = string.Join(' ', IdleRuleForm.DayNames.Where(day => rule.Days.Contains(day.Name)).Select(day => DayName(day.Day)));
            yield return $"{WorkingHours}: {days} {rule.From}–{rule.To} {rule.TimeZone}".TrimEnd();
        }

        (string Name, string? Value)[] outside = [("outsideTimeout", rule.OutsideTimeout), ("maxAge", rule.MaxAge)];
        foreach (var (name, value) in outside.Where(field => field.Value is not null))
            yield return $"{OutsideWorkingHours}: {RuleField(name)} {value}";
    }

    public string RuleField(string name) => name switch
    {
        "timeout" => T("Idle timeout", "空闲超时"),
        "busyLimit" => T("Hard maximum of work", "忙碌上限"),
        "unknownLimit" => T("Answer unreadable, up to", "无法判断的上限"),
        "scarceTimeout" => T("While no card is free, after", "显卡用尽时的空闲上限"),
        "failedLimit" => T("No answer, up to", "无响应的上限"),
        "warnBefore" => T("Warning before", "提前通知"),
        "from" => T("From", "开始"),
        "to" => T("To", "结束"),
        "timeZone" => T("Time zone", "时区"),
        "outsideTimeout" => T("Idle timeout", "空闲超时"),
        _ => T("Maximum age", "最长唤醒时间"),
    };
}
