using Aigc.Api.Costs;
using Aigc.Engines.Metering;

namespace Aigc.Api.Dashboard.Words;

public sealed partial class Text
{
    public string Costs => T("Costs", "费用");
    public string CostsLead => T("What your engines and their disks cost.", "你的引擎及其磁盘的费用。");
    public string CostsLeadGroup(string group) => T($"What the engines of “{group}” and their disks cost.", $"“{group}”组的引擎及其磁盘的费用。");
    public string CostsLeadAll => T("What all engines and their disks cost, by prices, or as bills are shared out where you entered some.", "所有引擎及其磁盘的费用，按价格计算；已录入账单的，按账单分摊。");
    public string WhoseCosts => T("Whose", "范围");
    public string ByWhat => T("By", "按");
    public string FirstDay => T("First day", "开始日期");
    public string LastDay => T("Last day", "结束日期");
    public string ThisMonth => T("This month", "本月");
    public string LastMonth => T("Last month", "上月");
    public string LastWeek => T("Last 7 days", "最近 7 天");
    public string ShowCosts => T("Show", "查看");
    public string CostSummary => T("Summary", "概览");
    public string CostTableTitle(CostDimension by) => T($"By {DimensionName(by).ToLowerInvariant()}", $"按{DimensionName(by)}");
    public string TotalCost => T("Cost", "费用");
    public string Forecast => T("Forecast for this month", "本月预计");
    public string IdleShare => T("Awake without use", "空闲占比");
    public string PerActiveHour => T("Per active hour", "每使用小时");
    public string PerWork => T("Per picture or job", "每张图片或任务");
    public string GpuHours => T("GPU-hours", "GPU 小时");
    public string AwakeHours => T("Hours awake", "唤醒小时");
    public string Nobody => T("Nobody (paid for, not used)", "无人使用（已付费）");
    public string NoPool => T("No pool (disks and the like)", "无资源池（磁盘等）");
    public string NoCosts => T("Nothing was used in these days.", "这些日期内没有使用记录。");
    public string Total => T("Total", "合计");
    public string Day => T("Day", "日期");
    public string AsTable => T("As a table", "表格形式");
    public string Trends => T("From day to day", "每日变化");
    public string FocusHint => T($"FOCUS {FocusExport.Version} is the columns in which suppliers’ costs can be compared.", $"FOCUS {FocusExport.Version} 是可用于比较各供应商费用的通用列格式。");
    public string WrongCosts => T("Choose days in their order, at most five years of them.", "请按先后顺序选择日期，最长五年。");
    public string DaysOf(string zone) => T($"Days begin by the clock of {zone}.", $"日期按 {zone} 时区计算。");

    // Charts.
    public string CostOverTime => T("Cost over time", "费用变化");
    public string ADay(string unit) => T($"{unit} a day", $"每日，{unit}");
    public string GpusInUse => T("GPUs in use", "GPU 使用量");
    public string GpusUnit => T("GPUs", "GPU 数");
    public string GpusMean => T("Mean of the day", "当日平均");
    public string GpusBusiest => T("Busiest hour", "最忙一小时");
    public string GpusCapacity => T("Capacity", "容量");
    public string QueueWait => T("Wait for a GPU", "排队等待");
    public string WakeTime => T("Wake time", "唤醒用时");
    public string Seconds => T("seconds", "秒");
    public string HalfOfStarts => T("Half of the starts", "半数启动");
    public string MostStarts => T("19 of 20 starts", "95% 的启动");
    public string HoursSaved => T("Hours saved against always-on", "相比常开节省的小时数");
    public string HoursAsleep => T("Asleep", "休眠");
    public string EngineHours => T("engine-hours", "引擎小时");
    public string NothingToShow => T("There is nothing to show.", "没有可显示的内容。");
    public string HighestOn(string value, DateOnly day) => T($"Highest: {value}, on {DayName(day)}.", $"最高：{DayName(day)}，{value}。");
    public string InAll(string value) => T($"In all {value}. ", $"合计 {value}。");
    public string OfCapacity(string capacity) => T($"There are {capacity} now. ", $"目前共 {capacity}。");
    public string SavedOf(string saved, string share) => T($"{saved} hours saved: {share} of always-on.", $"节省 {saved} 小时，占常开的 {share}。");

    // Bills.
    public string Bills => T("Bills", "账单");
    public string BillsLead => T(
        "What a pool really cost, from a day to a day. It is shared out among those who had its GPUs, to the last unit; what nobody had is shown as such.",
        "资源池在某段日期内的实际费用。系统会按实际占用的 GPU 精确分摊；无人使用的部分单独列出。");
    public string Pool => T("Pool", "资源池");
    public string BillAmount(string currency) => T($"Amount in {currency}", $"金额（{currency}）");
    public string BillGpus => T("GPUs it pays for", "对应 GPU 数");
    public string BillGpusHint => T("If empty: what the pool has now.", "留空则为该资源池当前的数量。");
    public string BillNote => T("Note", "备注");
    public string EnterBill => T("Enter the bill", "录入账单");
    public string Withdraw => T("Withdraw", "撤回");
    public string WithdrawBill(string pool, string days) => T($"Withdraw the bill for {pool}, {days}", $"撤回 {pool} 的账单（{days}）");
    public string NoBills => T("No bills were entered: everything costs its price.", "尚未录入账单，全部按价格计算。");
    public string BillEntered(string pool) => T($"The bill for {pool} is entered and shared out.", $"已录入 {pool} 的账单并完成分摊。");
    public string BillWithdrawn => T("The bill is withdrawn. Its days cost their prices again.", "账单已撤回，这些日期重新按价格计算。");
    public string BillWrong(string field) => T($"The bill was not entered: look at “{BillField(field)}”.", $"账单未录入，请检查“{BillField(field)}”。");
    public string NoPoolsYet => T("Bills are for pools, and there is none yet.", "账单需对应资源池，目前还没有资源池。");

    public string DimensionName(CostDimension dimension) => dimension switch
    {
        CostDimension.Person => T("Person", "人员"),
        CostDimension.Group => T("Group", "小组"),
        CostDimension.Template => T("Template", "模板"),
        CostDimension.Version => T("Version", "模板版本"),
        CostDimension.Pool => T("Pool", "资源池"),
        CostDimension.Engine => T("Engine", "引擎"),
        _ => T("Day", "日期"),
    };

    public string CostScopeName(CostScope scope) => scope switch
    {
        CostScope.Mine => T("Mine", "我的"),
        CostScope.Group => T("My group’s", "我的小组"),
        _ => T("Everybody’s", "所有人"),
    };

    public string CostKindName(CostKind kind) => kind switch
    {
        CostKind.Use => T("In use", "使用"),
        CostKind.Idle => T("Idle", "空闲"),
        CostKind.Shared => T("Shared", "他人使用"),
        CostKind.Disk => T("Disks", "磁盘"),
        _ => T("Unallocated", "未分配"),
    };

    public string DayName(DateOnly day) => day.ToString(T("d MMM yyyy", "yyyy年M月d日"), _culture);

    public string ShortDay(DateOnly day) => day.ToString(T("d MMM", "M/d"), _culture);

    /// <param name="micros">In millionths.</param>
    /// <param name="currency">In three letters.</param>
    public string Money(long micros, string currency) => Money(micros, currency, "N2");

    /// <summary>For one of many: a picture may cost less than a cent.</summary>
    public string UnitMoney(long micros, string currency) => Money(micros, currency, micros < 1_000_000 ? "N4" : "N2");

    public static string CurrencyName(string currency) => CurrencySign(currency) ?? currency;

    public string Hours(double hours) => hours.ToString(hours is > 0 and < 10 ? "N1" : "N0", _culture);

    public string Percent(double share) => share.ToString("P0", _culture);

    /// <summary>As short as it can be said, at an axis.</summary>
    public string AxisMark(double value) => value switch
    {
        >= 10_000_000 => (value / 1_000_000).ToString("0.#", _culture) + "M",
        >= 10_000 => (value / 1000).ToString("0.#", _culture) + "k",
        _ => value.ToString("#,0.##", _culture),
    };

    private string Money(long micros, string currency, string digits)
    {
        var number = (micros / 1_000_000m).ToString(digits, _culture);
        return CurrencySign(currency) is { } sign ? sign + number : $"{currency}\u00A0{number}";
    }

    private static string? CurrencySign(string currency) => currency switch
    {
        "USD" => "$",
        "EUR" => "€",
        "GBP" => "£",
        "CNY" => "¥",
        _ => null,
    };

    private string BillField(string field) => field switch
    {
        "pool" => Pool,
        "from" => FirstDay,
        "to" => LastDay,
        "amount" => TotalCost,
        "gpus" => BillGpus,
        _ => BillNote,
    };
}
