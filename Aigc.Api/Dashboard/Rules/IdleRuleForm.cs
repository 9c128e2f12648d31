using System.Text.Json;
using System.Text.Json.Nodes;
using Aigc.Engines.Policies;

namespace Aigc.Api.Dashboard.Rules;

/// <summary>An idle rule as the form has it; what is empty is left to others.</summary>
public sealed class IdleRuleForm
{
    public static readonly IReadOnlyList<(DayOfWeek Day, string Name)> DayNames =
    [
        (DayOfWeek.Monday, "mon"), (DayOfWeek.Tuesday, "tue"), (DayOfWeek.Wednesday, "wed"), (DayOfWeek.Thursday, "thu"),
        (DayOfWeek.Friday, "fri"), (DayOfWeek.Saturday, "sat"), (DayOfWeek.Sunday, "sun"),
    ];

    public string Scope { get; set; } = Rule.Name(RuleScope.Everyone);
    public string? Id { get; set; }
    public string? Timeout { get; set; }
    public string? ScarceTimeout { get; set; }
    public string? WarnBefore { get; set; }
    public string? BusyLimit { get; set; }
    public string? UnknownLimit { get; set; }
    public string? FailedLimit { get; set; }
    public IReadOnlyList<string> Days { get; set; } = [];
    public string? From { get; set; }
    public string? To { get; set; }
    public string? TimeZone { get; set; }
    public string? OutsideTimeout { get; set; }
    public string? MaxAge { get; set; }

    public static IdleRuleForm Of(IFormCollection form) => new()
    {
        Scope = Given(form["scope"]) ?? Rule.Name(RuleScope.Everyone),
        Id = Given(form["id"]),
        Timeout = Given(form["timeout"]),
        ScarceTimeout = Given(form["scarceTimeout"]),
        WarnBefore = Given(form["warnBefore"]),
        BusyLimit = Given(form["busyLimit"]),
        UnknownLimit = Given(form["unknownLimit"]),
        FailedLimit = Given(form["failedLimit"]),
        Days = [.. form["days"].OfType<string>()],
        From = Given(form["from"]),
        To = Given(form["to"]),
        TimeZone = Given(form["timeZone"]),
        OutsideTimeout = Given(form["outsideTimeout"]),
        MaxAge = Given(form["maxAge"]),
    };

    public static IdleRuleForm Of(Rule rule)
    {
        var body = JsonNode.Parse(rule.Body)!.AsObject();
        var (hours, outside) = (body["workingHours"]?.AsObject(), body["outside"]?.AsObject());
        return new()
        {
            Scope = Rule.Name(rule.Scope),
            Id = rule.Id,
            Timeout = (string?)body["timeout"],
            ScarceTimeout = (string?)body["scarceTimeout"],
            WarnBefore = (string?)body["warnBefore"],
            BusyLimit = (string?)body["busyLimit"],
            UnknownLimit = (string?)body["unknownLimit"],
            FailedLimit = (string?)body["failedLimit"],
            Days = [.. (hours?["days"]?.AsArray() ?? []).Select(day => (string?)day).OfType<string>()],
            From = (string?)hours?["from"],
            To = (string?)hours?["to"],
            TimeZone = (string?)hours?["timeZone"],
            OutsideTimeout = (string?)outside?["timeout"],
            MaxAge = (string?)outside?["maxAge"],
        };
    }

    public JsonElement ToBody()
    {
        var hours = Fields(("from", From), ("to", To), ("timeZone", TimeZone));
        if (Days.Count > 0)
            hours["days"] = new JsonArray([.. Days.Select(day => (JsonNode?)day)]);
        var body = Fields(
            ("timeout", Timeout), ("scarceTimeout", ScarceTimeout), ("warnBefore", WarnBefore),
            ("busyLimit", BusyLimit), ("unknownLimit", UnknownLimit), ("failedLimit", FailedLimit));
        if (hours.Count > 0)
            body["workingHours"] = hours;
        if (Fields(("timeout", OutsideTimeout), ("maxAge", MaxAge)) is { Count: > 0 } outside)
            body["outside"] = outside;
        return JsonSerializer.SerializeToElement(body);
    }

    private static JsonObject Fields(params ReadOnlySpan<(string Name, string? Value)> fields)
    {
        var json = new JsonObject();
        foreach (var (name, value) in fields)
        {
            if (value is not null)
                json[name] = value;
        }

        return json;
    }

    private static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
