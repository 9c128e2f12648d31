namespace Aigc.Api.Dashboard.Words;

public sealed partial class Text
{
    // Sharing.
    public string SharedWithMe => T("Shared with me", "与我共享");
    public string SharedWithMeLead => T("Engines of others that you may look at while they are awake.", "其他人的引擎，在其唤醒时你可以查看。");
    public string Sharing => T("Sharing", "共享");
    public string SharingLead => T(
        "Whoever you share with can look at this engine while it is awake: its pages, and so your models, prompts and pictures. They can't run anything, wake it, or see its files here.",
        "共享对象可以在引擎唤醒时查看其页面，因此会看到你的模型、提示词和图片。他们不能运行任务、唤醒引擎，也看不到这里的文件。");
    public string ShareWith => T("Share with", "共享给");
    public string UserNameHint => T("Their user name", "对方的用户名");
    public string Share => T("Share", "共享");
    public string ShareWithGroup(string group) => T($"Share with everybody in “{group}”", $"共享给“{group}”组的所有人");
    public string Everybody(string group) => T($"Everybody in “{group}”", $"“{group}”组的所有人");
    public string NotShared => T("This engine is yours alone.", "此引擎仅归你一人使用。");
    public string StopSharing => T("Stop sharing", "取消共享");
    public string Shared(string name) => T($"Shared with {name}.", $"已共享给 {name}。");
    public string Unshared(string name) => T($"No longer shared with {name}.", $"已取消与 {name} 的共享。");
    public string CannotShare(string name) => T(
        $"“{name}” is not the user name of exactly one other person here. Ask them for it, and to sign in once.",
        $"“{name}”不是此处某一位其他人的用户名。请向对方确认用户名，并请其先登录一次。");
    public string ViewOnly => T("Look", "查看");

    // Administrators' access.
    public string AdminAccess => T("Administrators’ access", "管理员访问");
    public string AdminAccessLead => T(
        "You manage this engine; you do not see what is in it. If you have to, open it for a limited time. Its owner sees who, why and until when, and can end it.",
        "你可以管理此引擎，但看不到其中的内容。如确有需要，可临时打开。所有者会看到是谁、为何以及到何时，并可随时结束。");
    public string AdminAccessTold => T("Administrators who have opened this engine in the last seven days.", "最近七天内打开过此引擎的管理员。");
    public string Why => T("Reason", "原因");
    public string WhyHint => T("The owner reads it.", "所有者会看到。");
    public string ForHowLong => T("For", "时长");
    public string OpenForMe => T("Open for me", "为我打开");
    public string EndAccess => T("End access", "结束访问");
    public string CanOpen(string name) => T($"{name} can open this engine. Ends", $"{name} 可以打开此引擎，结束于");
    public string CouldOpen(string name) => T($"{name} could open this engine. Ended", $"{name} 曾可以打开此引擎，结束于");
    public string Because(string reason) => T($". Reason: {reason}", $"。原因：{reason}");
    public string OpenedForYou(string title) => T($"{title} is open for you. Its owner is told.", $"已为你打开“{title}”，并已告知所有者。");
    public string AccessEnded(string title) => T($"Nobody but its owner can open {title} now.", $"现在只有所有者可以打开“{title}”。");
    public string WhyMissing => T("Give a reason in one line of at most 200 characters, and at most 8 hours.", "请用一行说明原因（最多 200 个字符），时长最多 8 小时。");

    // The group's engines.
    public string GroupEngines => T("Group", "小组");
    public string EnginesOf(string group) => T($"Engines of “{group}”", $"“{group}”组的引擎");
    public string GroupLead => T("You can put them to sleep, restart and delete them. What is in them is their owners’.", "你可以让它们休眠、重启或删除；其中的内容归所有者。");
    public string NoGroupEngines => T("Nobody in this group has an engine.", "该组还没有人领取引擎。");
    public string DeleteForOwner => T("The engine goes, and its disk stays for its owner, who can take it back.", "引擎会被删除，磁盘为其所有者保留，可随时取回。");
}
