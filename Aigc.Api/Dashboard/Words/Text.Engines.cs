using Aigc.Engines.Lifecycle;

namespace Aigc.Api.Dashboard.Words;

public sealed partial class Text
{
    public string Word(EngineState state) => StateWords.For(state, Language);

    /// <summary>Why, and after a failure what to do next.</summary>
    public string Sentence(Reason reason) => ReasonWords.For(reason, Language).Split('\n')[0];

    /// <summary>What its program said last; null when it said nothing, or did not fail.</summary>
    public string? LastLines(Reason reason) => ReasonWords.For(reason, Language).Split('\n', 2) is [_, var lines] ? lines : null;

    public string Templates => T("Templates", "模板");
    public string TemplatesLead => T("Take one, and it is yours: its own address, its own disk.", "领取之后就归你所有：独立的地址，独立的磁盘。");
    public string NoTemplates => T("Nothing is on offer yet. Ask an administrator to add a template.", "目前还没有可领取的模板，请联系管理员添加。");
    public string NoEnginesTitle => T("You have no engine yet", "你还没有引擎");
    public string NoEngines => T("Take one from the templates below. It wakes when you open it.", "从下面的模板中领取一个，打开时它会自动醒来。");
    public string Take => T("Take", "领取");
    public string TakeAnother => T("Take another", "再领取一个");
    public string Version(string version) => T($"Version {version}", $"版本 {version}");
    public string SleepsAfter(TimeSpan idle) => T($"Sleeps after {Duration(idle)} without work", $"空闲 {Duration(idle)}后休眠");

    public string KeptDisks => T("Kept disks", "保留的磁盘");
    public string KeptDisksLead => T(
        "What deleted engines left. Taken back, a disk is an engine again, with all its files.", "已删除引擎留下的磁盘。取回之后，它会连同所有文件重新成为引擎。");
    public string TakeBack => T("Take back", "取回");

    // Buttons.
    public string Open => T("Open", "打开");
    public string OpenAndWake => T("Open and wake", "打开并唤醒");
    public string Wake => T("Wake", "唤醒");
    public string Retry => T("Try again", "重试");
    public string Sleep => T("Sleep", "休眠");
    public string CancelWake => T("Cancel", "取消");
    public string Restart => T("Restart", "重启");
    public string KeepAwake => T("Keep awake", "保持唤醒");
    public string KeepAwakeFor(TimeSpan time) => T($"for {Duration(time)}", Duration(time));
    public string FilesLink => T("Files", "文件");
    public string Details => T("Details", "详情");
    public string DeleteEllipsis => T("Delete…", "删除…");

    // Said once, after a button.
    public string Took(string title) => T($"{title} is yours. Open it to wake it.", $"“{title}”已归你所有，打开即可唤醒。");
    public string Waking(string title) => T($"{title} is waking.", $"正在唤醒“{title}”。");
    public string GoesToSleep(string title) => T($"{title} goes to sleep. Its disk stays.", $"“{title}”即将休眠，磁盘会保留。");
    public string Restarting(string title) => T($"{title} restarts.", $"正在重启“{title}”。");
    public string KeptAwake(string title, TimeSpan time) => T($"{title} stays awake for {Duration(time)}.", $"“{title}”将保持唤醒 {Duration(time)}。");
    public string TooManyAwake(int limit, IReadOnlyList<string> awake) => T(
        $"One person keeps at most {limit} engines awake, and these are: {string.Join(", ", awake)}. Put one of them to sleep first.",
        $"每人最多同时唤醒 {limit} 个引擎，目前已唤醒：{string.Join("、", awake)}。请先让其中一个休眠。");
    public string NotAwake => T("Only an engine that is awake can be kept awake. Wake it first.", "只有已唤醒的引擎才能保持唤醒，请先唤醒。");
    public string NotPossible => T("That is not possible any more. Look at how things are now.", "当前无法执行此操作，请查看最新状态。");
    public string IsBeingDeleted(string title) => T($"{title} is being deleted.", $"正在删除“{title}”。");

    // Details.
    public string State => T("State", "状态");
    public string Address => T("Address", "地址");
    public string Template => T("Template", "模板");
    public string KeepAwakeUntil => T("Kept awake until", "保持唤醒至");
    public string KeptAwakeUntil => T("Kept awake, ends", "保持唤醒至");
    public string CreatedAt => T("Created", "创建时间");
    public string History => T("History", "历史");
    public string By(string actor) => T($"by {actor}", $"操作者：{actor}");
    public string LogTitle => T("Log", "日志");
    public string LogEmpty => T("Nothing has been logged yet.", "暂无日志。");
    public string LogUnavailable => T("The log is not available right now.", "暂时无法读取日志。");
    public string LastLinesTitle => T("Last lines of its log", "日志的最后几行");

    // Deleting.
    public string DangerZone => T("Danger zone", "危险操作");
    public string DangerLead => T("An engine can go with or without its disk. You choose on the next page.", "删除引擎时可以保留或一并删除磁盘，下一页由你选择。");
    public string DeleteTitle(string title) => T($"Delete {title}?", $"删除“{title}”？");
    public string DeleteLead => T("The engine stops and its address goes. What shall happen to its disk?", "引擎会停止，地址随之失效。它的磁盘如何处理？");
    public string DeleteKeep => T("Delete the engine, keep its disk", "删除引擎，保留磁盘");
    public string DeleteKeepNote => T("Nothing you made is lost: the files stay with the gateway.", "你的文件不会丢失，仍保留在网关上。");
    public string DeleteAll => T("Delete the engine and its disk (all files are lost)", "删除引擎和磁盘（全部文件都会丢失）");
    public string DeleteAllCount(long files) => files switch
    {
        0 => T("Delete the engine and its empty disk", "删除引擎和空磁盘"),
        1 => T("Delete the engine and its disk (the one file on it is lost)", "删除引擎和磁盘（其中的 1 个文件会丢失）"),
        _ => T($"Delete the engine and its disk (all {Files(files)} are lost)", $"删除引擎和磁盘（全部 {Files(files)}都会丢失）"),
    };
    public string CannotBeUndone => T("This cannot be undone.", "此操作无法恢复。");
    public string KeepEngine => T("Keep the engine", "不删除");
}
