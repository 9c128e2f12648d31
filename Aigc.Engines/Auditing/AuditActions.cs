namespace Aigc.Engines.Auditing;

/// <summary>The names under which the audit log keeps what was done. Part of the API: programs filter by them.</summary>
public static class AuditActions
{
    public const string SignIn = "sign-in";
    public const string SignOut = "sign-out";

    /// <summary>Somebody asked for what they may not have.</summary>
    public const string Access = "access";
    public const string EngineTake = "engine.take";
    public const string EngineWake = "engine.wake";
    public const string EngineSleep = "engine.sleep";
    public const string EngineRestart = "engine.restart";
    public const string EngineDelete = "engine.delete";
    public const string EngineShare = "engine.share";
    public const string EngineUnshare = "engine.unshare";

    /// <summary>An administrator opened somebody's engine for themselves.</summary>
    public const string AdminAccess = "engine.admin-access";
    public const string AdminAccessEnd = "engine.admin-access-end";
    public const string TokenCreate = "token.create";
    public const string TokenRevoke = "token.revoke";
    public const string TemplateSave = "template.save";
    public const string TemplateRemove = "template.remove";
    public const string PoolSave = "pool.save";
    public const string PoolRemove = "pool.remove";
    public const string PriceAdd = "price.add";
    public const string RuleSave = "rule.save";
    public const string RuleRemove = "rule.remove";
    public const string PersonDelete = "person.delete";
    public const string GroupDelete = "group.delete";
    public const string DiskRemove = "disk.remove";
    public const string BillEnter = "bill.enter";
    public const string BillWithdraw = "bill.withdraw";

    /// <summary>Entries were removed for their age.</summary>
    public const string AuditPrune = "audit.prune";

    public static IReadOnlyList<string> All { get; } =
    [
        SignIn, SignOut, Access, EngineTake, EngineWake, EngineSleep, EngineRestart, EngineDelete, EngineShare, EngineUnshare, AdminAccess,
        AdminAccessEnd, TokenCreate, TokenRevoke, TemplateSave, TemplateRemove, RuleSave, RuleRemove, PoolSave, PoolRemove, PriceAdd, PersonDelete, GroupDelete, DiskRemove, BillEnter, BillWithdraw, AuditPrune,
    ];
}
