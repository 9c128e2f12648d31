namespace Aigc.Api.Dashboard.Words;

public sealed partial class Text
{
    public string SignIns => T("Where you are signed in", "登录设备");
    public string SignInsLead => T(
        "Each browser in which you are signed in. End one that you do not know, and tell your administrator.",
        "你已登录的每个浏览器。如有不认识的，请将其退出并告知管理员。");
    public string SignedInAt => T("Signed in", "登录时间");
    public string ThisBrowser => T("this browser", "当前浏览器");
    public string UnknownBrowser => T("Unknown browser", "未知浏览器");
    public string SignInEnded => T("That browser is signed out, with its engine pages.", "该浏览器及其引擎页面已退出登录。");
    public string SignOutEverywhere => T("Sign out everywhere", "全部退出登录");
    public string SignOutEverywhereHint => T("This browser too. Tokens go on working until you revoke them.", "包括当前浏览器。令牌在吊销之前仍然有效。");
}
