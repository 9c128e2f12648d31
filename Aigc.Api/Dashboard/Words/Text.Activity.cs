using Aigc.Engines.Auditing;

namespace Aigc.Api.Dashboard.Words;

public sealed partial class Text
{
    public string Activity => T("Activity", "活动记录");
    public string ActivityLead => T(
        "What you did, and what anybody did to what is yours.",
        "你的操作，以及任何人对你的引擎和令牌的操作。");
    public string ActivityLeadWide => T(
        "Who did what to what, from where, and what came of it.",
        "谁、从哪里、对什么做了什么，结果如何。");
    public string AccessTitle => T("Who did what with this engine", "谁对此引擎做了什么");
    public string AllActivity => T("All of it", "查看全部");
    public string NoActivity => T("There is nothing that fits.", "没有符合条件的记录。");
    public string When => T("When", "时间");
    public string Who => T("Who", "操作者");
    public string WhoHint => T("A user name or a person's id", "用户名或人员 ID");
    public string WhatHappened => T("What", "操作");
    public string ToWhat => T("To what", "对象");
    public string ToWhatHint => T("An engine's name or an id", "引擎名称或 ID");
    public string Outcome => T("Outcome", "结果");
    public string FromDay => T("From (UTC)", "起始日期（UTC）");
    public string ToDay => T("To (UTC)", "截止日期（UTC）");
    public string Anything => T("Anything", "不限");
    public string Filter => T("Filter", "筛选");
    public string ClearFilter => T("Show everything", "显示全部");
    public string ExportAs(string format) => T($"Export as {format}", $"导出为 {format}");
    public string TheGateway => T("The gateway", "网关");
    public string Somebody => T("Somebody", "未知人员");

    public string AuditOutcome(AuditOutcome outcome) => outcome switch
    {
        Aigc.Engines.Auditing.AuditOutcome.Done => T("Done", "已完成"),
        Aigc.Engines.Auditing.AuditOutcome.Refused => T("Refused", "已拒绝"),
        _ => T("Failed", "失败"),
    };

    /// <summary>One that has no words yet is shown by its name.</summary>
    public string AuditAction(string action) => action switch
    {
        AuditActions.SignIn => T("Signed in", "登录"),
        AuditActions.SignOut => T("Signed out", "退出登录"),
        AuditActions.Access => T("Asked for access", "请求访问"),
        AuditActions.EngineTake => T("Took an engine", "领取引擎"),
        AuditActions.EngineWake => T("Woke an engine", "唤醒引擎"),
        AuditActions.EngineSleep => T("Put an engine to sleep", "使引擎休眠"),
        AuditActions.EngineRestart => T("Restarted an engine", "重启引擎"),
        AuditActions.EngineDelete => T("Deleted an engine", "删除引擎"),
        AuditActions.EngineShare => T("Shared an engine", "共享引擎"),
        AuditActions.EngineUnshare => T("Stopped sharing an engine", "取消共享引擎"),
        AuditActions.AdminAccess => T("Opened an engine as administrator", "以管理员身份打开引擎"),
        AuditActions.AdminAccessEnd => T("Ended an administrator's access", "结束管理员的临时访问"),
        AuditActions.TokenCreate => T("Made a token", "创建令牌"),
        AuditActions.TokenRevoke => T("Revoked a token", "吊销令牌"),
        AuditActions.TemplateSave => T("Offered a template", "发布模板"),
        AuditActions.TemplateRemove => T("Took a template off offer", "下架模板"),
        AuditActions.PoolSave => T("Changed the pools", "修改资源池"),
        AuditActions.PoolRemove => T("Removed a pool", "移除资源池"),
        AuditActions.PriceAdd => T("Added a price", "添加价格"),
        AuditActions.RuleSave => T("Laid down a rule", "保存规则"),
        AuditActions.RuleRemove => T("Removed a rule", "删除规则"),
        AuditActions.PersonDelete => T("Deleted a person", "删除人员"),
        AuditActions.GroupDelete => T("Deleted a group", "删除群组"),
        AuditActions.DiskRemove => T("Removed a disk", "删除磁盘"),
        AuditActions.AuditPrune => T("Removed old activity", "清理过期记录"),
        _ => action,
    };

    /// <summary>Why an engine woke or went to sleep, in words; anything else is kept as it is read.</summary>
    public string? AuditDetail(AuditRecord record) => record switch
    {
        { Action: AuditActions.EngineWake or AuditActions.EngineSleep, Detail: { } reason } => Sentence(new(reason)),
        { Action: AuditActions.EngineRestart } => null,
        _ => record.Detail,
    };
}
