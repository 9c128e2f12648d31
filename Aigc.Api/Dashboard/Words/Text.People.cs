namespace Aigc.Api.Dashboard.Words;

public sealed partial class Text
{
    public string People => T("People", "人员");
    public string PeopleLead => T("Everybody who has signed in.", "所有登录过的人。");
    public string FindPeople => T("Find by name, address or group", "按姓名、邮箱或小组查找");
    public string Find => T("Find", "查找");
    public string NobodyFound => T("Nobody found.", "没有找到。");
    public string Person => T("Person", "人员");
    public string Group => T("Group", "小组");
    public string Role => T("Role", "角色");
    public string RoleName(Aigc.Engines.People.Role role) => role switch
    {
        Aigc.Engines.People.Role.Admin => T("Administrator", "管理员"),
        Aigc.Engines.People.Role.GroupManager => T("Group manager", "小组经理"),
        _ => T("User", "用户"),
    };
    public string DeletePersonTitle(string name) => T($"Delete {name}?", $"删除 {name}？");
    public string DeletePersonLead(TimeSpan kept) => T(
        $"They are signed out and their tokens end at once. Their engines stop and go, and so do all shares. Their disks are kept for {Duration(kept)}, for nobody to see, and then removed.",
        $"此人会立即退出登录，令牌失效；其引擎会停止并删除，所有共享一并取消。磁盘保留 {Duration(kept)}，期间无人可见，之后删除。");
    public string DeletePersonAnew => T(
        "This does not lock them out: who may sign in, your identity provider decides. If they sign in again, they begin with nothing.",
        "这不会阻止此人登录：谁能登录由身份提供方决定。若再次登录，将从零开始。");
    public string DeletePerson => T("Delete this person", "删除此人");
    public string DeletedPerson(string name) => T($"{name} is deleted.", $"已删除 {name}。");
    public string CannotDeleteYourself => T("You cannot delete yourself. Ask another administrator.", "不能删除自己，请联系其他管理员。");
}
