using System.Globalization;
using Aigc.Engines.Policies;
using Aigc.Engines.Templates;

namespace Aigc.Engines.Quotas;

/// <summary>Which quota, whose, and how much of it is used, in words for people.</summary>
public static class QuotaWords
{
    /// <param name="detail">As <see cref="QuotaUsed.ToDetail"/> wrote it.</param>
    public static (string English, string Chinese) Waiting(string? detail) => QuotaUsed.Parse(detail) is { } used
        ? ($"; {Of(used).En}. It starts once something of that sleeps", $"；{Of(used).Zh}，其中有引擎休眠后即自动启动")
        : ("; a quota is used up", "；配额已用完");

    /// <summary>Such as <c>the group film has 4 of 4 GPUs</c>.</summary>
    /// <param name="isOwn">Said to the person themselves.</param>
    public static LocalizedText Of(QuotaUsed used, bool isOwn = false)
    {
        var limit = used.Limit;
        var (now, most) = (Number(limit.Item, used.Used), Number(limit.Item, limit.Limit));
        var (whoEn, whoZh) = limit.Scope switch
        {
            RuleScope.Group => ($"the group {limit.Id} has", $"小组 {limit.Id} "),
            _ => isOwn ? ("you have", "你") : ("its owner has", "所有者"),
        };
        return limit.Item switch
        {
            QuotaItem.Awake => new($"{whoEn} {now} of {most} engines awake", $"{whoZh}已唤醒 {now} 个引擎（上限 {most}）"),
            QuotaItem.Gpus => new($"{whoEn} {now} of {most} GPUs", $"{whoZh}已占用 {now} 块 GPU（上限 {most}）"),
            QuotaItem.GpuMemory => new($"{whoEn} {now} of {most} units of GPU memory", $"{whoZh}已占用 {now} 单位显存（上限 {most}）"),
            QuotaItem.GpuHours => new($"{whoEn} used {now} of {most} GPU-hours this month", $"{whoZh}本月已用 {now} GPU 小时（上限 {most}）"),
            _ => new($"{whoEn} spent {now} of {most} this month", $"{whoZh}本月已花费 {now}（上限 {most}）"),
        };
    }

    public static LocalizedText Near(string? detail) => QuotaUsed.Parse(detail) is { } used
        ? new($"A quota is nearly used: {Of(used).En}.", $"配额即将用完：{Of(used).Zh}。")
        : new("A quota is nearly used.", "配额即将用完。");

    /// <summary>Why it can't be woken, and what to do.</summary>
    public static LocalizedText Refusal(QuotaUsedException quota)
    {
        var (en, zh) = (Of(quota.Used).En, Of(quota.Used).Zh);
        return quota.Renews is { } day
            ? new($"It can't be woken: {en}. That begins anew on {day:yyyy-MM-dd}; or ask an administrator for more.", $"无法唤醒：{zh}。将于 {day:yyyy-MM-dd} 重新计算；或请管理员调高配额。")
            : new($"It can't be woken: {en}. Put another engine to sleep first, or ask an administrator for more.", $"无法唤醒：{zh}。请先让其他引擎休眠，或请管理员调高配额。");
    }

    public static string Number(QuotaItem item, long small) =>
        ((decimal)small / QuotaLimit.PerWhole(item)).ToString(item == QuotaItem.Money ? "0.00" : "0.##", CultureInfo.InvariantCulture);
}
