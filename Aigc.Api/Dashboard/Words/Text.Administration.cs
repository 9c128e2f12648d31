namespace Aigc.Api.Dashboard.Words;

public sealed partial class Text
{
    public string AllEngines => T("All engines", "所有引擎");
    public string NoEnginesAtAll => T("Nobody has taken an engine yet.", "还没有人领取引擎。");
    public string Engine => T("Engine", "引擎");
    public string Owner => T("Owner", "所有者");

    /// <summary>Instead of an owner.</summary>
    public string Spare => T("nobody yet (a spare)", "暂无（备用引擎）");
    public string Since => T("Since", "开始于");
    public string FirstPage => T("First page", "首页");
    public string NextPage => T("Next page", "下一页");
    public string Actions => T("Actions", "操作");
    public string OnOffer => T("Templates on offer", "可领取的模板");
    public string TemplateProblems => T("Templates with problems", "有问题的模板");
    public string TemplateProblemsLead => T("These files are not on offer as written. Correct them and start the gateway again.", "以下文件尚未生效，请改正后重新启动网关。");
    public string NoProblems => T("Every template file is in order.", "所有模板文件均正常。");
}
