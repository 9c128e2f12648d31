namespace Aigc.Api.Dashboard.Words;

public sealed partial class Text
{
    public string ErrorTitle(int status) => status switch
    {
        400 => T("That did not arrive as it should", "请求有误"),
        401 => T("Please sign in", "请先登录"),
        403 => T("This is not yours to see", "你没有权限查看"),
        404 => T("There is nothing here", "页面不存在"),
        409 => T("Something else came first", "操作冲突"),
        429 or 503 => T("One moment, please", "请稍候"),
        >= 500 => T("Something went wrong on our side", "服务器出了点问题"),
        _ => T("This did not work", "操作未成功"),
    };

    public string ErrorText(int status) => status switch
    {
        400 => T("The page may have been open for too long. Go back, reload it and try again.", "页面可能打开太久了。请返回，刷新后重试。"),
        401 => T("Your sign-in has ended.", "你的登录已失效。"),
        403 => T("The page or engine belongs to somebody else. If you should have it, ask your administrator.", "该页面或引擎属于其他人。如果你应当有权限，请联系管理员。"),
        404 => T("The address is mistyped, or what was here has been deleted.", "地址可能有误，或内容已被删除。"),
        409 => T("It changed while you were looking. Go back and see how it is now.", "在你查看时它已发生变化。请返回查看最新情况。"),
        429 => T("You ask more often than is good for the others here. Try again in a minute.", "请求过于频繁，请一分钟后再试。"),
        503 => T("A part of the gateway is starting. Reload in a few seconds.", "网关的一部分正在启动，请几秒后刷新。"),
        _ => T("Your engines and files are not affected. Try again in a moment; if it stays, give your administrator this number:", "你的引擎和文件不受影响。请稍后再试；如果仍有问题，请把下面的编号告诉管理员："),
    };

    public string ToMyEngines => T("Go to my engines", "前往我的引擎");
}
