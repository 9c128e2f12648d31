using Aigc.Engines.People;

namespace Aigc.Api.Dashboard.Words;

public sealed partial class Text
{
    public string TokensLead => T(
        "A token lets a program use your engines and the API in your name. Send it as “Authorization: Bearer …”.",
        "令牌让程序以你的身份使用你的引擎和 API。请求时以“Authorization: Bearer …”发送。");
    public string NewToken => T("New token", "新建令牌");
    public string TokenName => T("Name", "名称");
    public string TokenNameHint => T("What will use it, such as “batch script”", "谁会使用它，例如“批处理脚本”");
    public string TokenExpiry => T("Valid for", "有效期");
    public string NoExpiry => T("No end", "永不过期");
    public string CreateToken => T("Create token", "创建令牌");
    public string TokenCreated(string name) => T($"Token “{name}” is ready", $"令牌“{name}”已创建");
    public string TokenShownOnce => T("Copy it now: it is shown only this once.", "请立即复制：它只显示这一次。");
    public string Copy => T("Copy", "复制");
    public string Copied => T("Copied", "已复制");
    public string NoTokens => T("You have no tokens.", "你还没有令牌。");
    public string YourTokens => T("Your tokens", "你的令牌");
    public string LastUsed => T("Last used", "最近使用");
    public string Never => T("Never", "从未");
    public string Expires => T("Expires", "过期时间");
    public string Expired => T("Expired", "已过期");
    public string Revoke => T("Revoke", "吊销");
    public string Revoked(string name) => T($"Token “{name}” no longer works.", $"令牌“{name}”已失效。");
    public string TokenScopes => T("It may", "允许");
    public string Scope(Scopes scope) => scope switch
    {
        Scopes.EnginesRead => T("See engines and their history", "查看引擎及其历史"),
        Scopes.EnginesUse => T("Open engines, read and write their files", "打开引擎，读写其文件"),
        Scopes.EnginesManage => T("Take, wake, put to sleep, restart and delete engines, and make tokens", "领取、唤醒、休眠、重启和删除引擎，创建令牌"),
        _ => T("Do what you may do as an administrator or manager", "行使你的管理员或组长权限"),
    };
    public string TokenEngines => T("Only for these engines (none chosen: all of yours)", "仅限以下引擎（不选则为你的全部引擎）");
    public string ForEngines(long number) => T($"Only for {Count(number)} engine{(number == 1 ? "" : "s")}", $"仅限 {Count(number)} 个引擎");
    public string From(string address) => T($"from {address}", $"来自 {address}");
    public string TokenScopesMissing => T("Choose at least one thing the token may do.", "请至少选择一项权限。");
    public string TokenScopesWrong => T("A token can't be made like that. Administration does not go together with single engines.", "无法创建这样的令牌。管理权限不能与指定引擎同时使用。");
    public string TokenNameMissing => T("Give the token a name of at most 100 characters.", "请填写令牌名称，最多 100 个字符。");
}
