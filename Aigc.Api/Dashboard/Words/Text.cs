using System.Globalization;
using Aigc.Engines.Templates;

namespace Aigc.Api.Dashboard.Words;

/// <summary>Every text of the dashboard, in the language of the person who looks. A text cannot be added in one language alone.</summary>
public sealed partial class Text
{
    public static readonly Text English = new("en", "en", CultureInfo.GetCultureInfo("en-GB"));
    public static readonly Text Chinese = new("zh", "zh-Hans", CultureInfo.GetCultureInfo("zh-CN"));
    public static readonly IReadOnlyList<Text> All = [English, Chinese];

    private readonly CultureInfo _culture;

    private Text(string language, string htmlLanguage, CultureInfo culture)
    {
        Language = language;
        HtmlLanguage = htmlLanguage;
        _culture = culture;
    }

    /// <summary>The two-letter name that cookies and links carry.</summary>
    public string Language { get; }

    /// <summary>For the <c>lang</c> attribute: says which script, so that browsers choose the right glyphs.</summary>
    public string HtmlLanguage { get; }

    public string OwnName => T("English", "简体中文");

    public string In(LocalizedText text) => text.In(Language);

    private string T(string en, string zh) => Language == "zh" ? zh : en;

    // Around every page.
    public string Product => T("AIGC Workbench", "AIGC 工作台");
    public string SkipToContent => T("Skip to content", "跳到正文");
    public string Sections => T("Sections", "栏目");
    public string LanguageSwitch => T("Language", "语言");
    public string MyEngines => T("My engines", "我的引擎");
    public string Tokens => T("Tokens", "访问令牌");
    public string Administration => T("Administration", "管理");
    public string SignIn => T("Sign in", "登录");
    public string SignOut => T("Sign out", "退出登录");
    public string Cancel => T("Cancel", "取消");
    public string Back => T("Back", "返回");
    public string LiveLost => T("Connection lost. Trying again…", "连接已断开，正在重试…");
    public string LiveBack => T("Up to date again.", "已恢复同步。");

    // The page for somebody who is not signed in.
    public string WelcomeTitle => T("Your own AI studio, awake when you are", "专属于你的 AI 工作室，随用随醒");
    public string WelcomeText => T(
        "Take an engine, open its address, and it wakes. Stop working and it sleeps; your models and pictures stay on its disk.",
        "领取一个引擎，打开它的地址，它就会醒来。停止工作后它会休眠，模型和图片都留在它的磁盘上。");
}
