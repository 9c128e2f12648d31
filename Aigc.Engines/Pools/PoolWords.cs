using Aigc.Engines.Quotas;
using Aigc.Engines.Templates;

namespace Aigc.Engines.Pools;

/// <summary>Where engines wait and where they went, in sentences for people.</summary>
public static class PoolWords
{
    public static LocalizedText Waiting(QueuePlace place)
    {
        var (en, zh) = Why(place);
        var (soonEn, soonZh) = Soon(place.Wait);
        var position = place.Position > QueuePlace.Exact
            ? new LocalizedText($"Waiting for its turn, behind more than {place.Position - 1} others in the queue", $"正在排队，前面超过 {place.Position - 1} 个引擎")
            : new($"Waiting for its turn, number {place.Position} in the queue", $"正在排队，当前第 {place.Position} 位");
        return new($"{position.En}{en}.{soonEn}", $"{position.Zh}{zh}。{soonZh}");
    }

    /// <param name="detail">The pool, and why it is not in those that are preferred to it.</param>
    public static LocalizedText Placed(string detail) => detail.Split(' ', 2) is [var pool, var why]
        ? new($"Placed in {pool}, because {Reasons(why).En}.", $"已分配到 {pool}，因为{Reasons(why).Zh}。")
        : new($"Placed in {detail}.", $"已分配到 {detail}。");

    /// <summary>Its owner asked for the pool.</summary>
    public const string Asked = "asked";

    /// <summary>Such as <c>on-premises was full</c>.</summary>
    /// <param name="why">Pools and what kept the engine out of each, as <see cref="Passed"/> writes them.</param>
    public static LocalizedText Reasons(string why)
    {
        if (why == Asked)
            return new("its owner asked for it", "所有者指定了它");
        var passed = why.Split(',').Select(one => one.Split('=', 2)).Where(one => one.Length == 2)
            .Select(one => (Pool: one[0], Why: Enum.TryParse<WaitCause>(one[1], out var cause) ? cause : WaitCause.NoRoom)).ToList();
        return new(
            string.Join(" and ", passed.Select(one => $"{one.Pool} {English(one.Why)}")),
            string.Join("、", passed.Select(one => $"{one.Pool} {Chinese(one.Why)}")));
    }

    /// <summary>What <see cref="Reasons"/> reads; null: nothing was passed over.</summary>
    public static string? Passed(IEnumerable<(string Pool, WaitCause Why)> pools) =>
        string.Join(',', pools.Select(one => $"{one.Pool}={one.Why}")) is { Length: > 0 } why ? why : null;

    private static (string English, string Chinese) Why(QueuePlace place) => place switch
    {
        { Why: WaitCause.Refused } => QuotaWords.Waiting(place.Quota),
        { Why: WaitCause.NoPool } => ("; no pool that is open is as large as what it needs: ask an administrator", "；没有可用的资源池能满足其需求，请联系管理员"),
        { Why: WaitCause.Starts, Pool: { } pool } => ($"; {pool} has as many engines starting as it may", $"；{pool} 同时启动的引擎数已达上限"),
        { Why: WaitCause.Kept, Pool: { } pool } => ($"; what is free in {pool} is kept for those before it", $"；{pool} 的空闲资源留给排在前面的引擎"),
        { Pool: { Length: > 0 } pool } => ($"; {pool} is full", $"；{pool} 已满"),
        _ => ("", ""),
    };

    private static (string English, string Chinese) Soon(int? minutes) => minutes switch
    {
        null => ("", ""),
        1 => (" It should start within a minute.", "预计 1 分钟内启动。"),
        < 60 => ($" It should start in about {minutes} minutes.", $"预计约 {minutes} 分钟后启动。"),
        60 => (" It should start in about an hour.", "预计约 1 小时后启动。"),
        var more => ($" It should start in about {more / 60d:0.#} hours.", $"预计约 {more / 60d:0.#} 小时后启动。"),
    };

    private static string English(WaitCause cause) => cause switch
    {
        WaitCause.Starts => "had as many starting as it may",
        WaitCause.Kept => "was kept for another",
        WaitCause.Refused => "would have been beyond a quota",
        WaitCause.NoPool => "has nothing for it",
        _ => "was full",
    };

    private static string Chinese(WaitCause cause) => cause switch
    {
        WaitCause.Starts => "同时启动数已达上限",
        WaitCause.Kept => "留给了其他引擎",
        WaitCause.Refused => "会超出配额",
        WaitCause.NoPool => "无法满足需求",
        _ => "已满",
    };
}
