using Aigc.Engines.Quotas;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace Aigc.Api.Problems;

/// <summary>Errors over HTTP, as RFC 9457 has them. Each detail is a sentence that says what to do next.</summary>
public static class Problem
{
    public const string TypePrefix = "urn:aigc:problem:";

    public static ProblemHttpResult Of(
        int status, string name, string title, string detail, IDictionary<string, object?>? extensions = null) =>
        TypedResults.Problem(detail, statusCode: status, title: title, type: TypePrefix + name, extensions: extensions);

    public static ProblemHttpResult Invalid(string detail) =>
        Of(StatusCodes.Status400BadRequest, "invalid", "The request is not valid", detail);

    public static ProblemHttpResult Unauthenticated() =>
        Of(StatusCodes.Status401Unauthorized, "unauthenticated", "Not signed in",
            "Sign in at /login, or send a personal token as 'Authorization: Bearer aigc_…'.");

    public static ProblemHttpResult Forbidden(string detail) =>
        Of(StatusCodes.Status403Forbidden, "forbidden", "Not allowed", detail);

    public static ProblemHttpResult NotFound(string detail) =>
        Of(StatusCodes.Status404NotFound, "not-found", "Not found", detail);

    public static ProblemHttpResult TooManyAwake(int limit, IReadOnlyList<string> awake) =>
        Of(StatusCodes.Status409Conflict, "too-many-awake", "Too many engines are awake",
            $"One person keeps at most {limit} awake, and these are: {string.Join(", ", awake)}. Put one of them to sleep first.",
            new Dictionary<string, object?> { ["awake"] = awake });

    public static ProblemHttpResult QuotaFull(QuotaUsed used, DateOnly? renews) =>
        Of(StatusCodes.Status409Conflict, "quota-used", "A quota is used",
            $"It can't be woken: {QuotaWords.Of(used).En}. {(renews is { } day ? $"That begins anew on {day:yyyy-MM-dd}; or ask an administrator for more." : "Put another engine to sleep first, or ask an administrator for more.")}",
            new Dictionary<string, object?>
            {
                ["quota"] = QuotaLimit.NameOf(used.Limit.Item),
                ["limit"] = (decimal)used.Limit.Limit / QuotaLimit.PerWhole(used.Limit.Item),
                ["used"] = (decimal)used.Used / QuotaLimit.PerWhole(used.Limit.Item),
                ["renews"] = renews,
            });

    public static ProblemHttpResult TooManyRequests(HttpContext context, TimeSpan pause)
    {
        context.Response.Headers.RetryAfter = HeaderUtilities.FormatNonNegativeInt64((long)pause.TotalSeconds);
        return Of(StatusCodes.Status429TooManyRequests, "too-many-requests", "Too many requests",
            $"You ask more often than is good for the others here. Go on in {pause.TotalSeconds:0} s; the header Retry-After says the same.");
    }

    public static ProblemHttpResult AtWork(string work) =>
        Of(StatusCodes.Status409Conflict, "at-work", "The engine is at work",
            $"What is not finished would be lost: {work}. Wait for it, or ask again with ?evenIfBusy=true.",
            new Dictionary<string, object?> { ["work"] = work });

    public static ProblemHttpResult Conflict(string detail) =>
        Of(StatusCodes.Status409Conflict, "conflict", "Not possible right now", detail);
}
