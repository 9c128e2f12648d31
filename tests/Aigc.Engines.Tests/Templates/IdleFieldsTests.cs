using System.Text.Json;
using Aigc.Engines.Policies;
using Aigc.Engines.Templates;
using Aigc.Testing;

namespace Aigc.Engines.Tests.Templates;

public sealed class IdleFieldsTests
{
    private const string Head = """
        name: demo
        title: Demo
        description: A demo
        version: "1"
        local: { command: demo }

        """;

    public static TheoryData<string> Guide => [.. GuideExamples.Of("templates.md", "Idle", "yaml"), .. GuideExamples.Of("templates.md", "Is it at work", "yaml")];

    [Theory]
    [MemberData(nameof(Guide))]
    public void What_the_guide_shows_is_a_template(string yaml) => Read(yaml).Errors.ShouldBeEmpty();

    [Fact]
    public void A_policy_is_read_and_survives_storage()
    {
        var template = Read("""
            busy: { kind: json, path: /status, pointer: /running, headers: { Authorization: "Bearer {comfyToken}" } }
            idle:
              timeout: 20m
              busyLimit: 8h
              failedLimit: 5m
              warnBefore: 1m
              workingHours: { days: [mon, fri], from: "09:00", to: "24:00", timeZone: Asia/Shanghai }
              outside: { timeout: 5m, maxAge: 10h }
            """).Template.ShouldNotBeNull();

        var rule = TemplateJson.Read(TemplateJson.Write(template)).IdleRule;

        (rule.Timeout, rule.BusyLimit, rule.UnknownLimit, rule.FailedLimit, rule.WarnBefore)
            .ShouldBe((TimeSpan.FromMinutes(20), TimeSpan.FromHours(8), TimeSpan.FromMinutes(30), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(1)));
        rule.WorkingHours!.Days.ShouldBe([DayOfWeek.Monday, DayOfWeek.Friday]);
        (rule.WorkingHours.To, rule.WorkingHours.TimeZone).ShouldBe((TimeSpan.FromDays(1), "Asia/Shanghai"));
        rule.Outside.ShouldBe(new(TimeSpan.FromMinutes(5), TimeSpan.FromHours(10)));
        template.IdleTimeout.ShouldBe(TimeSpan.FromMinutes(20), "everything that knows a template's timeout knows this one");
    }

    [Fact]
    public void A_template_from_before_is_stored_as_it_was()
    {
        var template = Read("busy: { kind: comfyui, unknownLimit: 10m }\nidleTimeout: 7m").Template.ShouldNotBeNull();
        TemplateJson.Write(template).ShouldNotContain("\"idle\"", Case.Sensitive, "else its version would count as changed");
        (template.IdleRule.Timeout, template.IdleRule.UnknownLimit, template.IdleRule.FailedLimit)
            .ShouldBe((TimeSpan.FromMinutes(7), TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(10)));
    }

    [Theory]
    [InlineData("idleTimeout: 7m\nidle: { timeout: 8m }", "idleTimeout", "idle.timeout")]
    [InlineData("busy: { kind: a1111, unknownLimit: 1m }\nidle: { unknownLimit: 2m }", "busy.unknownLimit", "keep one")]
    [InlineData("idle: { outside: { timeout: 1m } }", "idle.workingHours", "Write both")]
    [InlineData("idle: { workingHours: { days: [], from: \"09:00\", to: \"18:00\" }, outside: { timeout: 1m } }", "idle.workingHours.days", "names no day")]
    [InlineData("idle: { workingHours: { days: [mon], from: \"9\", to: \"18:00\" }, outside: { timeout: 1m } }", "idle.workingHours.from", "09:00")]
    [InlineData("idle: { workingHours: { days: [monday], from: \"09:00\", to: \"18:00\" }, outside: { timeout: 1m } }", "idle.workingHours.days[0]", "mon, tue")]
    [InlineData("idle: { workingHours: { days: [mon], from: \"09:00\", to: \"18:00\", timeZone: Berlin }, outside: { timeout: 1m } }", "idle.workingHours.timeZone", "Europe/Berlin")]
    [InlineData("idle: { busylimit: 1h }", "idle.busylimit", "busyLimit")]
    [InlineData("busy: { kind: tcp }", "busy.port", "is missing")]
    [InlineData("busy: { kind: tcp, port: 1, path: /x }", "busy.path", "kind: json only")]
    [InlineData("busy: { kind: dcgm, url: file:///etc/passwd }", "busy.url", "http")]
    [InlineData("busy: { kind: comfyui, headers: { \"Bad Name\": x } }", "busy.headers.Bad Name", "no name of a header")]
    [InlineData("busy: { kind: comfyui, headers: { Authorization: \"{\" } }", "busy.headers.Authorization", "placeholder")]
    public void What_is_wrong_names_the_field_and_the_remedy(string yaml, string field, string remedy)
    {
        var errors = Read(yaml).Errors;
        errors.ShouldContain(error => error.Field == field && error.Message.Contains(remedy) && error.Line > 5, string.Join('\n', errors));
    }

    [Fact]
    public void Rules_are_read_alike_and_errors_name_the_field()
    {
        IdleFields.Read(JsonElement.Parse("""{ "timeout": "20m", "outside": { "maxAge": "8h" }, "workingHours": { "days": ["sun"], "from": "00:00", "to": "12:00" } }"""), out var none)
            .Outside!.MaxAge.ShouldBe(TimeSpan.FromHours(8));
        none.ShouldBeEmpty();
        IdleRules.Form.Check(JsonElement.Parse("""{ "timeout": 20, "days": [] }""")).ShouldBe(
            ["'timeout' '20' has no unit; write for example 30m, 90s or 1h30m, from 5s to 30d.",
             "'days' is no field here. Allowed: timeout, scarceTimeout, busyLimit, unknownLimit, failedLimit, warnBefore, workingHours, outside."], ignoreOrder: true);
        IdleRules.Form.Check(JsonElement.Parse("[1]")).ShouldHaveSingleItem();
    }

    private static TemplateFile Read(string yaml) => TemplateReader.Read("demo.yaml", Head + yaml);
}
