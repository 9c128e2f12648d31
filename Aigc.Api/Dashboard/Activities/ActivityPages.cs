using System.Globalization;
using Aigc.Api.Callers;
using Aigc.Api.Dashboard.Layout;
using Aigc.Engines.Auditing;
using Aigc.Engines.People;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.WebUtilities;

namespace Aigc.Api.Dashboard.Activities;

/// <summary>The audit log, as far as one may see it.</summary>
internal static class ActivityPages
{
    private const int PageLength = 50;

    public static void MapActivityPages(this RouteGroupBuilder pages) => pages.MapGet("/activity", ShowAsync);

    private static async Task<RazorComponentResult<ActivityPage>> ShowAsync(
        Page page, Caller caller, AuditLog log, [AsParameters] ActivityFilter filter, CancellationToken cancellationToken)
    {
        // One more than shown tells whether there is a next page.
        var found = await log.ReadAsync(filter.ToQuery(AuditSight.Of(caller.SignIn), PageLength + 1), cancellationToken);
        var shown = found.Take(PageLength).ToList();
        return new(new
        {
            Page = page,
            Filter = filter,
            Records = shown,
            Next = found.Count > PageLength ? filter.Link("/activity", shown[^1].Place) : null,
            Widely = caller.Role != Role.User,
        });
    }
}

/// <summary>What the form on the page asks for. Its fields are there and empty when they do not matter.</summary>
/// <param name="From">The first day, in UTC.</param>
/// <param name="To">The last day, in UTC.</param>
public sealed record ActivityFilter(string? Actor, string? Action, string? Target, string? Outcome, string? From, string? To, AuditPlace? After)
{
    public bool IsEmpty => string.IsNullOrEmpty(Actor + Action + Target + Outcome + From + To);

    public AuditQuery ToQuery(AuditSight sight, int limit) => new(
        sight, limit, Given(Actor), Given(Action), Given(Target), Enum.TryParse<AuditOutcome>(Outcome, out var outcome) ? outcome : null,
        Day(From), Day(To)?.AddDays(1), After);

    /// <summary>The page with the same filter.</summary>
    public string Link(string page, AuditPlace? after = null) => QueryHelpers.AddQueryString(
        page, Fields([("from", From), ("to", To), ("after", after?.ToString())]));

    /// <summary>Everything that fits, as the API exports it.</summary>
    public string ExportLink(string format) => QueryHelpers.AddQueryString(
        "/api/v1/audit", Fields([("from", Moment(Day(From))), ("to", Moment(Day(To)?.AddDays(1))), ("format", format)]));

    private IEnumerable<KeyValuePair<string, string?>> Fields(IEnumerable<(string Name, string? Value)> more) =>
        more.Concat<(string Name, string? Value)>([("actor", Actor), ("action", Action), ("target", Target), ("outcome", Outcome)])
            .Where(field => !string.IsNullOrEmpty(field.Value))
            .Select(field => KeyValuePair.Create(field.Name, field.Value));

    private static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static string? Moment(DateTimeOffset? time) => time?.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    private static DateTimeOffset? Day(string? text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? new(day, TimeOnly.MinValue, TimeSpan.Zero)
            : null;
}
