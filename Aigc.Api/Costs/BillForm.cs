using System.Globalization;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.Metering;
using Aigc.Engines.Storage;

namespace Aigc.Api.Costs;

/// <summary>A bill as somebody wrote it down.</summary>
/// <param name="From">The first day, such as <c>2026-03-01</c>.</param>
/// <param name="To">The day after the last.</param>
/// <param name="Amount">In the studio's currency, such as 1234.56.</param>
/// <param name="Gpus">How many GPUs it pays for; if not said, what the pool has now.</param>
public sealed record BillForm(string? Pool, string? From, string? To, string? Amount, string? Gpus = null, string? Note = null)
{
    private const NumberStyles Digits = NumberStyles.AllowDecimalPoint;
    private const int LongestNote = 200;
    private const int LongestDays = 3 * 366;

    /// <summary>The names of the fields, as a file has them in its first line.</summary>
    public static readonly IReadOnlyList<string> Required = ["pool", "from", "to", "amount"];

    public static readonly IReadOnlyList<string> Optional = ["gpus", "note"];

    public static BillForm Of(Func<string, string?> field) =>
        new(field("pool"), field("from"), field("to"), field("amount"), field("gpus"), field("note"));

    /// <returns>The bill, or the field that is wrong and a sentence on it.</returns>
    public (Bill? Bill, string Field, string Mistake) Read(IReadOnlyList<PoolSize> pools, DateTimeOffset now, string enteredBy)
    {
        if (pools.FirstOrDefault(one => one.Name == Pool) is not { } pool)
            return (null, "pool", $"'{Pool}' is no pool; there {(pools.Count == 0 ? "is none yet" : $"are {string.Join(", ", pools.Select(one => one.Name))}")}.");
        if (!TryDay(From, out var from))
            return (null, "from", $"'{From}' is not a day, such as 2026-03-01.");
        if (!TryDay(To, out var to) || to <= from || to.DayNumber - from.DayNumber > LongestDays)
            return (null, "to", $"'{To}' is not the day after the last, such as {from.AddMonths(1):yyyy-MM-dd}: later than 'from', by {LongestDays} days at most.");
        if (!TryThousandths(Amount, 1_000_000, out var micros))
            return (null, "amount", $"'{Amount}' is not an amount of money above 0, such as 1234.56, with at most six digits behind the point.");
        if (!string.IsNullOrEmpty(Gpus) && !TryThousandths(Gpus, 1_000, out _))
            return (null, "gpus", $"'{Gpus}' is not a number of GPUs above 0, such as 8.");
        if (Note?.Length > LongestNote)
            return (null, "note", $"It has more than {LongestNote} characters; shorten it.");
        var milli = TryThousandths(Gpus, 1_000, out var said) ? said : pool.MilliGpus;
        return (new(EngineId.New().Value, pool.Name, from, to, micros, milli, string.IsNullOrWhiteSpace(Note) ? null : Note.Trim(), now, enteredBy), "", "");
    }

    private static bool TryDay(string? text, out DateOnly day) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day) && day.Year is > 2000 and < 9000;

    private static bool TryThousandths(string? text, long parts, out long amount)
    {
        amount = 0;
        if (!decimal.TryParse(text, Digits, CultureInfo.InvariantCulture, out var number) || number is <= 0 or > 1_000_000_000 || number * parts % 1 != 0)
            return false;
        amount = (long)(number * parts);
        return true;
    }
}
