using System.Globalization;

namespace Aigc.Api.Dashboard.Words;

public sealed partial class Text
{
    /// <summary>Such as <c>1 hour 30 minutes</c>; whole minutes, or seconds below one minute.</summary>
    public string Duration(TimeSpan time)
    {
        if (time < TimeSpan.FromMinutes(1))
            return Amount((int)time.TotalSeconds, "second", "秒");
        var parts = new List<string>(3);
        if (time.Days > 0)
            parts.Add(Amount(time.Days, "day", "天"));
        if (time.Hours > 0)
            parts.Add(Amount(time.Hours, "hour", "小时"));
        if (time.Minutes > 0)
            parts.Add(Amount(time.Minutes, "minute", "分钟"));
        return string.Join(' ', parts);
    }

    /// <summary>Such as <c>5 minutes ago</c> or <c>in 2 hours</c>, in the largest unit that fits; the script says the same words.</summary>
    public string Relative(DateTimeOffset then, DateTimeOffset now)
    {
        var distance = (now - then).Duration();
        if (distance < TimeSpan.FromMinutes(1))
            return JustNow;
        // What was is at least that old; what comes, comes no later than said.
        long Whole(double units) => (long)(then < now ? Math.Floor(units) : Math.Ceiling(units));
        var amount = distance switch
        {
            { TotalHours: < 1 } => Amount(Whole(distance.TotalMinutes), "minute", "分钟"),
            { TotalDays: < 1 } => Amount(Whole(distance.TotalHours), "hour", "小时"),
            _ => Amount(Whole(distance.TotalDays), "day", "天"),
        };
        var closeUp = amount.Replace(" ", "", StringComparison.Ordinal);
        return then < now ? T($"{amount} ago", $"{closeUp}前") : T($"in {amount}", $"{closeUp}后");
    }

    public string JustNow => T("just now", "刚刚");

    /// <summary>For a wait: minutes and seconds, <c>1:24</c>.</summary>
    public static string Elapsed(TimeSpan time)
    {
        var shown = time < TimeSpan.Zero ? TimeSpan.Zero : time;
        return string.Create(CultureInfo.InvariantCulture, $"{(int)shown.TotalMinutes}:{shown.Seconds:00}");
    }

    /// <summary>The moment in UTC; the script replaces it by the reader's own time.</summary>
    public string Moment(DateTimeOffset time) => time.UtcDateTime.ToString(T("d MMM yyyy, HH:mm 'UTC'", "yyyy年M月d日 HH:mm 'UTC'"), _culture);

    public string Size(long bytes)
    {
        string[] units = ["B", "KB", "MB", "GB", "TB"];
        var (value, unit) = ((double)bytes, 0);
        for (; value >= 1000 && unit < units.Length - 1; unit++)
            value /= 1000;
        return value.ToString(unit == 0 || value >= 100 ? "0" : "0.#", _culture) + " " + units[unit];
    }

    public string Count(long number) => number.ToString("N0", _culture);

    public string Files(long number) => Amount(number, "file", "个文件");

    private string Amount(long number, string en, string zh) =>
        T($"{Count(number)} {en}{(number == 1 ? "" : "s")}", $"{Count(number)} {zh}");
}
