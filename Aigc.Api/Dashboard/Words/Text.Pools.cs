using System.Text.Json;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.Policies;
using Aigc.Engines.Pools;
using Aigc.Engines.Quotas;

namespace Aigc.Api.Dashboard.Words;

public sealed partial class Text
{
    public string Pools => T("Pools and quotas", "资源池与配额");
    public string PoolsLink => T("Pools", "资源池");
    public string PoolsLead => T(
        "Where GPUs come from, in the order in which they are taken: an engine goes to the first pool that fits and has room.",
        "GPU 的来源，按优先顺序排列：引擎会进入第一个合适且有空位的资源池。");
    public string NoPools => T("There are no pools yet: engines start as long as the machine or the cluster has room, and nothing is priced.", "还没有资源池：只要机器或集群有空位引擎就会启动，且不计价。");
    public string NewPool => T("Enter a pool", "添加资源池");
    public string AddPool => T("Add pool", "添加");
    public string PoolName => T("Name", "名称");
    public string PoolNameHint => T("Lower-case letters, digits and hyphens, such as on-premises", "小写字母、数字和连字符，例如 on-premises");
    public string PoolTitle => T("Title, for people", "显示名称");
    public string PoolResource => T("Resource that engines ask for", "引擎申请的资源");
    public string PoolCapacity => T("Capacity, in units of the resource", "容量（资源单位数）");
    public string UnitsPerGpu => T("Units that are one GPU", "每块 GPU 的单位数");
    public string UnitsPerGpuHint => T("1 for whole cards; its memory where cards are shared", "整卡为 1；共享显存时为每卡显存");
    public string StartsAtOnce => T("Starts at once", "同时启动数");
    public string StartsAtOnceHint => T("0: any number", "0 表示不限");
    public string PoolMachines => T("Labels of its machines", "机器标签");
    public string PoolTolerations => T("Tolerations (JSON)", "容忍（JSON）");
    public string PoolKind => T("Kind", "类型");
    public string PoolSpot => T("Spot: the supplier may take machines back at any time", "竞价实例：供应商可能随时收回机器");
    public string PoolOnRequest => T("On request: only for engines whose owners ask for it while they wait", "按需：仅供排队时主动选择的引擎使用");
    public string Spot => T("Spot", "竞价");
    public string OnRequest => T("On request", "按需");
    public string PoolClosed => T("Closed", "已关闭");
    public string PoolUse(long units, long capacity) => T($"{Count(units)} of {Count(capacity)} in use", $"已用 {Count(units)} / {Count(capacity)}");
    public string PoolEngines(int engines) => Amount(engines, "engine", "个引擎");
    public string PoolWaiting(int waiting) => T($"{Count(waiting)} waiting", $"{Count(waiting)} 个排队");
    public string CardsOf(long units) => T($"{Count(units)} units are one GPU", $"{Count(units)} 单位为 1 块 GPU");
    public string StartsOf(int starts) => T($"{Count(starts)} starting at once", $"同时启动 {Count(starts)} 个");
    public string PriceNow(long micros, string currency) => T($"{Money(micros)} {currency} a GPU-hour", $"每 GPU 小时 {Money(micros)} {currency}");
    public string PriceFrom(long micros, string currency) => T($"{Money(micros)} {currency} from", $"{Money(micros)} {currency}，生效于");
    public string NoPrice => T("No price yet", "尚未定价");
    public string NewPrice(string currency) => T($"New price of a GPU-hour ({currency})", $"每 GPU 小时新价格（{currency}）");
    public string NewPriceHint => T("Prices are added, and never changed.", "价格只能新增，不能修改。");
    public string ValidFrom => T("Valid from (empty: now)", "生效日期（留空表示立即）");
    public string AddPrice => T("Add price", "添加价格");
    public string Change => T("Change", "修改");
    public string Save => T("Save", "保存");
    public string MoveUp(string pool) => T($"Prefer {pool} more", $"提高 {pool} 的优先级");
    public string MoveDown(string pool) => T($"Prefer {pool} less", $"降低 {pool} 的优先级");
    public string RemovePool(string pool) => T($"Remove {pool}", $"移除 {pool}");
    public string RemovePoolLead => T("What runs in it goes on; nothing new starts. It is gone when its last engine has slept.", "其中运行的引擎不受影响，但不再启动新的引擎；最后一个引擎休眠后移除。");

    // Said once, after a form.
    public string PoolSaved(string pool) => T($"{pool} is saved.", $"已保存 {pool}。");
    public string PoolInUse => T("Engines are in this pool: its resource and its units can't change. Enter another pool, and remove this one.", "资源池中有引擎，不能修改资源和单位数。请另建资源池并移除此池。");
    public string PoolWrong(IReadOnlyList<string> errors) => T($"Nothing was saved. {string.Join(' ', errors)}", $"未保存。{string.Join(' ', errors)}");
    public string PoolsReordered => T("The order is saved.", "已保存顺序。");
    public string PoolRemoved(string pool) => T($"{pool} is removed.", $"已移除 {pool}。");
    public string PriceAdded(string pool) => T($"The price of {pool} is added.", $"已添加 {pool} 的价格。");
    public string PriceNotAdded => T("Nothing was added: a price has at most six decimals, and is valid from now on or later.", "未添加：价格最多六位小数，且生效时间不能早于现在。");

    public string Quotas => T("Quotas", "配额");
    public string QuotasLead => T(
        "What each person or a group may use. Who has reached one wakes nothing more, or waits; running work is never cut. The strictest counts.",
        "每个人或小组的用量上限。达到后不能再唤醒，或需排队；运行中的工作不会中断。以最严格者为准。");
    public string NewQuota => T("Set a quota", "设置配额");
    public string QuotaFor => T("For", "适用于");
    public string EachPerson => T("Each person", "每个人");
    public string RuleId => T("Group or person", "小组或人员");
    public string RuleIdHint => T("The id, as the provider has it", "身份提供方中的标识");
    public string QuotaName(QuotaItem item, string currency) => item switch
    {
        QuotaItem.Awake => T("Engines awake", "唤醒的引擎数"),
        QuotaItem.Gpus => T("GPUs at once", "同时占用的 GPU"),
        QuotaItem.GpuMemory => T("GPU memory at once, in units", "同时占用的显存（单位）"),
        QuotaItem.GpuHours => T("GPU-hours a month", "每月 GPU 小时"),
        _ => T($"Money a month ({currency})", $"每月费用（{currency}）"),
    };
    public string Shares => T("Shares and priorities", "份额与优先级");
    public string SharesLead => T(
        "Groups that wait share what becomes free by their weights; within a group, people with a higher priority go first.",
        "排队时各小组按权重分享空出的资源；组内优先级高的人员先得到。");
    public string NewShare => T("Set a share or a priority", "设置份额或优先级");
    public string ShareOfGroup => T("A group: weight", "小组：权重");
    public string PriorityOfPerson => T("A person: priority", "人员：优先级");
    public string ShareValue => T("Weight or priority", "权重或优先级");
    public string ShareHint => T("Weight: 1 without a rule. Priority: 0 without a rule, from -10 to 10.", "默认权重为 1；默认优先级为 0，范围 -10 到 10。");
    public string RemoveQuotaRule => T("Remove", "移除");
    public string QuotaRuleSaved => T("The rule is saved.", "规则已保存。");
    public string QuotaRuleRemoved => T("The rule is removed.", "规则已移除。");
    public string RuleIncomplete => T("Nothing was saved: say for whom, and at least one number.", "未保存：请填写对象和至少一个数值。");
    public string RuleOf(Rule rule) => rule.Scope switch
    {
        RuleScope.Everyone => EachPerson,
        RuleScope.Group => T($"Group {rule.Id}", $"小组 {rule.Id}"),
        _ => T($"Person {rule.Id}", $"人员 {rule.Id}"),
    };

    /// <summary>A rule's numbers with their names.</summary>
    public string RuleBody(Rule rule) => string.Join(" · ", JsonElement.Parse(rule.Body).EnumerateObject().Select(field =>
        $"{(QuotaLimit.ItemOf(field.Name) is { } item ? QuotaName(item, "").Replace(" ()", "", StringComparison.Ordinal).Replace("（）", "", StringComparison.Ordinal) : field.Name == Aigc.Engines.Pools.Shares.Weight ? T("Weight", "权重") : T("Priority", "优先级"))}: {field.Value}"));

    // On an engine.
    public string StartIn(string pool) => T($"Start in {pool} instead", $"改在 {pool} 启动");
    public string AskedFor(string title, string pool) => T($"{title} starts in {pool} as soon as there is room.", $"“{title}”将在 {pool} 有空位时启动。");
    public string EnginePool => T("Pool", "资源池");
    public string PlacedIn(Engine engine) =>
        engine.PoolWhy is { } why ? T($"{engine.Pool}, because {PoolWords.Reasons(why).In(Language)}", $"{engine.Pool}，因为{PoolWords.Reasons(why).In(Language)}") : engine.Pool ?? "";

    // Near a quota.
    public string QuotaNear(QuotaUsed used) => T($"{Sentenced(QuotaWords.Of(used, isOwn: true).En)}.", $"{QuotaWords.Of(used, isOwn: true).Zh}。");
    public string QuotaFull(QuotaUsed used, DateOnly? renews) => T(
        $"{Sentenced(QuotaWords.Of(used, isOwn: true).En)}, so nothing more can be woken. {(renews is { } day ? $"It begins anew on {day:d MMMM}." : "Put an engine to sleep first.")}",
        $"{QuotaWords.Of(used, isOwn: true).Zh}，无法继续唤醒。{(renews is { } begin ? $"将于 {begin:M 月 d 日} 重新计算。" : "请先让一个引擎休眠。")}");

    private string Money(long micros) => (micros / 1_000_000m).ToString("0.00####", _culture);

    private static string Sentenced(string words) => char.ToUpperInvariant(words[0]) + words[1..];
}
