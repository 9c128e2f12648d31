using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Aigc.Engines.Policies;

namespace Aigc.Engines.Templates;

/// <summary>How an engine falls asleep: the same fields in templates, rules and pools.</summary>
public static partial class IdleFields
{
    private const string TimeAllowed = "write a time of day in quotes, such as \"09:00\"; \"24:00\" is the end of the day.";
    private static readonly TimeSpan LongestLimit = TimeSpan.FromDays(30);

    private static readonly OrderedDictionary<string, DayOfWeek> Days = new()
    {
        ["mon"] = DayOfWeek.Monday,
        ["tue"] = DayOfWeek.Tuesday,
        ["wed"] = DayOfWeek.Wednesday,
        ["thu"] = DayOfWeek.Thursday,
        ["fri"] = DayOfWeek.Friday,
        ["sat"] = DayOfWeek.Saturday,
        ["sun"] = DayOfWeek.Sunday,
    };

    /// <summary>As rules and pools have it.</summary>
    /// <param name="errors">Sentences; empty when the rule is good.</param>
    public static IdleRule Read(JsonElement body, out IReadOnlyList<string> errors)
    {
        var found = new TemplateErrors("rule");
        var rule = body.ValueKind == JsonValueKind.Object ? Read(new FieldReader((YamlMap)JsonYaml.From(body), "", found)) : new();
        errors = body.ValueKind == JsonValueKind.Object
            ? [.. found.All().Select(error => $"'{error.Field}' {error.Message}")]
            : ["An idle policy is an object of fields, such as { \"timeout\": \"20m\" }."];
        return rule;
    }

    internal static IdleRule Read(FieldReader fields)
    {
        fields.Allow("timeout", "scarceTimeout", "busyLimit", "unknownLimit", "failedLimit", "warnBefore", "workingHours", "outside");
        if (fields.Has("outside") != fields.Has("workingHours"))
        {
            fields.Wrong(fields.Has("outside") ? "workingHours" : "outside",
                "is missing; workingHours says when people work, outside what applies at other times. Write both.");
        }

        return new()
        {
            Timeout = Span(fields, "timeout", TimeSpan.FromSeconds(5)),
            ScarceTimeout = Span(fields, "scarceTimeout", TimeSpan.FromMinutes(1)),
            BusyLimit = Span(fields, "busyLimit", TimeSpan.FromMinutes(1)),
            UnknownLimit = Span(fields, "unknownLimit", TimeSpan.Zero),
            FailedLimit = Span(fields, "failedLimit", TimeSpan.Zero),
            WarnBefore = Span(fields, "warnBefore", TimeSpan.FromSeconds(1)),
            WorkingHours = fields.Map("workingHours") is { } hours ? Hours(hours) : null,
            Outside = fields.Map("outside") is { } outside ? Outside(outside) : null,
        };
    }

    private static TimeSpan? Span(FieldReader fields, string name, TimeSpan from) =>
        fields.Has(name) ? fields.Duration(name, from, from, LongestLimit) : null;

    private static OutsideHours Outside(FieldReader fields)
    {
        fields.Allow("timeout", "maxAge");
        return new(Span(fields, "timeout", TimeSpan.FromSeconds(5)), Span(fields, "maxAge", TimeSpan.FromMinutes(1)));
    }

    private static WorkingHours Hours(FieldReader fields)
    {
        fields.Allow("days", "from", "to", "timeZone");
        var days = fields.List("days", day => Days.ContainsKey(day) ? null : $"is no day; write some of {string.Join(", ", Days.Keys)}.");
        if (!fields.Has("days"))
            fields.Wrong("days", "is missing; write for example [mon, tue, wed, thu, fri].");
        else if (days.Count == 0)
            fields.Wrong("days", "names no day; write for example [mon, tue, wed, thu, fri].");
        return new(
            [.. days.Where(Days.ContainsKey).Select(day => Days[day]).Distinct()],
            Time(fields, "from"),
            Time(fields, "to"),
            fields.Text("timeZone", IsTimeZone, "write an IANA time zone that this machine knows, such as Europe/Berlin or Asia/Shanghai."));
    }

    private static TimeSpan Time(FieldReader fields, string name)
    {
        var text = fields.Text(name, text => TimePattern().IsMatch(text), TimeAllowed, TimeAllowed);
        return text is not null && TimePattern().IsMatch(text)
            ? new(int.Parse(text.AsSpan(0, 2), CultureInfo.InvariantCulture), int.Parse(text.AsSpan(3), CultureInfo.InvariantCulture), 0)
            : default;
    }

    private static bool IsTimeZone(string name) => name.Length <= 60 && TimeZoneInfo.TryFindSystemTimeZoneById(name, out _);

    [GeneratedRegex(@"\A(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]|24:00)\z")]
    private static partial Regex TimePattern();
}
