using System.Globalization;
using Aigc.Api.Callers;
using Aigc.Engines.Metering;
using Aigc.Engines.People;

namespace Aigc.Api.Costs;

/// <summary>Whose costs.</summary>
public enum CostScope
{
    Mine,
    Group,
    All,
}

/// <summary>What is asked about costs; what is null is chosen.</summary>
/// <param name="From">The first day; if not said, of this month.</param>
/// <param name="To">The day after the last; if not said, tomorrow.</param>
/// <param name="By">If not said, by the day.</param>
/// <param name="Of"><c>mine</c>, <c>group</c> (for its manager) or <c>all</c> (for administrators); the most there is, if not said.</param>
/// <param name="Format"><c>json</c> or <c>csv</c>.</param>
public sealed record CostRequest(string? From, string? To, string? By, string? Of, string? Format)
{
    /// <summary>Of more than five years nobody waits for the answer.</summary>
    private const int LongestDays = 5 * 366;

    /// <returns>The question, or a sentence on what is wrong with it.</returns>
    public (CostQuestion? Question, string? Mistake) Read(Caller caller, DateOnly today)
    {
        if (!TryDay(From, new(today.Year, today.Month, 1), out var from) || !TryDay(To, today.AddDays(1), out var to))
            return (null, "'from' and 'to' are days, such as 2026-03-01; 'to' is the day after the last.");
        if (to <= from || to.DayNumber - from.DayNumber > LongestDays)
            return (null, $"'to' must be after 'from', by {LongestDays} days at most.");
        if (!TryChoice(By, CostDimension.Day, out var by))
            return (null, $"'by' is one of {Names<CostDimension>()}.");
        if (!TryChoice(Of, Widest(caller), out var of))
            return (null, $"'of' is one of {Names<CostScope>()}.");
        return (new(from, to, by, of), null);
    }

    public static CostScope Widest(Caller caller) => caller.Role switch
    {
        Role.Admin => CostScope.All,
        Role.GroupManager => CostScope.Group,
        _ => CostScope.Mine,
    };

    private static string Names<T>()
        where T : struct, Enum => string.Join(", ", Enum.GetNames<T>().Select(name => name.ToLowerInvariant()));

    private static bool TryChoice<T>(string? text, T usual, out T choice)
        where T : struct, Enum
    {
        choice = usual;
        return string.IsNullOrEmpty(text) || (char.IsLetter(text[0]) && Enum.TryParse(text, ignoreCase: true, out choice));
    }

    private static bool TryDay(string? text, DateOnly usual, out DateOnly day)
    {
        day = usual;
        return string.IsNullOrEmpty(text)
            || (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day) && day.Year is > 2000 and < 9000);
    }
}

/// <param name="To">Exclusive.</param>
public sealed record CostQuestion(DateOnly From, DateOnly To, CostDimension By, CostScope Of)
{
    /// <summary>Null: more than the caller may see.</summary>
    public CostSight? SightOf(Caller caller)
    {
        var engines = caller.SignIn.OnlyEngines?.Split(' ');
        return Of switch
        {
            CostScope.Mine => new(caller.UserId, Engines: engines),
            CostScope.Group when caller.Role is Role.GroupManager or Role.Admin => new(Group: caller.Group, Engines: engines),
            CostScope.All when caller.Role == Role.Admin => engines is null ? CostSight.Everything : new(Engines: engines),
            _ => null,
        };
    }
}
