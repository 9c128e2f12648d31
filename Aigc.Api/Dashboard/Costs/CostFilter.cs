using System.Globalization;
using Aigc.Api.Callers;
using Aigc.Api.Costs;
using Aigc.Engines.Metering;
using Microsoft.AspNetCore.WebUtilities;

namespace Aigc.Api.Dashboard.Costs;

/// <summary>What the form on the page asks for. Unlike the API's, its last day counts.</summary>
public sealed record CostFilter(string? From, string? To, string? By, string? Of)
{
    public (CostQuestion? Question, string? Mistake) Read(Caller caller, DateOnly today) =>
        new CostRequest(From, Next(To), By is { Length: > 0 } ? By : Usual(caller), Of, null).Read(caller, today);

    /// <summary>The page on these days.</summary>
    public static string Link(DateOnly from, DateOnly last, CostQuestion question) => QueryHelpers.AddQueryString(
        "/costs", new Dictionary<string, string?> { ["from"] = Text(from), ["to"] = Text(last), ["by"] = Name(question.By), ["of"] = Name(question.Of) });

    /// <summary>The same as the API exports it.</summary>
    public static string ExportLink(string path, CostQuestion question, string? format = null) => QueryHelpers.AddQueryString(
        path,
        new Dictionary<string, string?>
        {
            ["from"] = Text(question.From),
            ["to"] = Text(question.To),
            ["by"] = Name(question.By),
            ["of"] = Name(question.Of),
            ["format"] = format,
        }.Where(field => field.Value is not null));

    public static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    public static string Name<T>(T choice)
        where T : struct, Enum => choice.ToString().ToLowerInvariant();

    private static string Usual(Caller caller) =>
        Name(CostRequest.Widest(caller) == CostScope.Mine ? CostDimension.Engine : CostDimension.Person);

    /// <summary>The day after; what is no day stays as it is.</summary>
    public static string? Next(string? day) =>
        DateOnly.TryParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var last) && last < DateOnly.MaxValue ? Text(last.AddDays(1)) : day;
}
