using System.Net;
using System.Text.Json;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.Templates;

namespace Aigc.Api.Tests.Dashboard;

/// <summary>Nobody has to guess why an engine is awake, is surprised when it sleeps, or loses work by one careless click.</summary>
[Collection(SharedDashboard.Name)]
public sealed class OutlookPageTests(DashboardHost host)
{
    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    private static Outlook AtWork => new()
    {
        Why = Hold.Work,
        Said = new(BusyProbeKind.ComfyUi, "/queue_running is a list of 1", 2),
        Since = Now,
        SleepsAt = Now.AddHours(20),
        Timeout = TimeSpan.FromMinutes(20),
        Warning = TimeSpan.FromMinutes(2),
        Ends = Reasons.BusyTooLong,
        LastActivity = Now,
        Last = UseKind.Request,
    };

    private static Outlook Warned => AtWork with { Why = Hold.Activity, Said = null, SleepsAt = Now.AddSeconds(90), WarnedAt = Now, Ends = Reasons.Idle };

    [Theory]
    [InlineData(null, "Awake because a picture is being made (ComfyUI queue: 2), until at least <time", "; last activity: a request at <time", "after 30 minutes without activity (template)")]
    [InlineData("zh", "保持唤醒：正在生成图片（ComfyUI 队列：2），至少到 <time", "；最近活动：<time", "空闲 30 分钟后休眠（模板）")]
    public async Task Cards_say_why_an_engine_is_awake_and_its_page_how_it_falls_asleep(string? language, string why, string last, string policy)
    {
        using var alice = await host.SignInAsync(language: language);
        var engine = await host.TakeAsync(alice);
        await host.LookAsync(engine.Id, AtWork);
        foreach (var page in new[] { "/", $"/engines/{engine.Id}" })
            (await alice.ReadAsync(page)).ShouldSatisfyAllConditions(html => html.ShouldContain(why), html => html.ShouldContain(last));
        (await alice.ReadAsync($"/engines/{engine.Id}")).ShouldContain(policy);
    }

    [Fact]
    public async Task Work_is_ended_only_by_somebody_who_knows_of_it_and_that_is_recorded()
    {
        using var alice = await host.SignInAsync();
        var engine = await host.TakeAsync(alice);
        await host.LookAsync(engine.Id, AtWork);
        using var form = new FormUrlEncodedContent([KeyValuePair.Create("__RequestVerificationToken", await alice.TokenAsync("/"))]);
        using var answer = await alice.PostAsync($"/engines/{engine.Id}/sleep", form);
        var asked = await answer.Content.ReadAsStringAsync();
        asked.ShouldContain("is at work");
        asked.ShouldContain("a picture is being made (ComfyUI queue: 2)");
        (await host.FindAsync(engine.Id))!.Desired.ShouldBe(Desired.Awake);

        (await alice.SubmitAsync("/", $"/engines/{engine.Id}/sleep", ("evenIfBusy", "true"))).ShouldContain("goes to sleep");
        var ended = (await host.EventsAsync(engine.Id))[^1];
        (ended.Reason.Code, ended.Reason.Detail, ended.Actor).ShouldBe(
            (Reasons.SleepAskedWhileBusy, "a picture is being made (ComfyUI queue: 2)", "alice"));
    }

    [Fact]
    public async Task Who_looks_at_the_dashboard_is_warned_at_once_and_keeps_the_engine_awake()
    {
        using var alice = await host.SignInAsync();
        var engine = await host.TakeAsync(alice);
        await host.LookAsync(engine.Id, AtWork);
        await using var stream = await alice.StreamAsync("/live?at=/tokens&cards=false");
        using var reader = new StreamReader(stream);
        await NextAsync(reader, "snapshot");
        await host.LookAsync(engine.Id, Warned);
        var warning = (await NextAsync(reader, "warning")).GetProperty("html").GetString()!;
        warning.ShouldContain("is about to fall asleep");
        warning.ShouldContain($"/engines/{engine.Id}/keep-awake");

        (await alice.SubmitAsync("/", $"/engines/{engine.Id}/keep-awake", ("minutes", "60"), ("return", "/"))).ShouldContain("stays awake for 1 hour.");
        await host.LookAsync(engine.Id, AtWork);
        (await NextAsync(reader, "warning")).GetProperty("html").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task Administrators_lay_down_rules_and_learn_what_is_wrong_with_them()
    {
        using var admin = await host.SignInAsync(admin: true);
        using var alice = await host.SignInAsync();
        var engine = await host.TakeAsync(alice);
        (await admin.SubmitAsync("/rules/idle", "/rules/idle", ("scope", "group"), ("id", "studio"), ("timeout", "7m"), ("busyLimit", "8h"))).ShouldContain("The rule is saved");
        (await alice.ReadAsync($"/engines/{engine.Id}")).ShouldContain("after 7 minutes without activity (group studio)");

        using var wrong = new FormUrlEncodedContent(
            [new("__RequestVerificationToken", await admin.TokenAsync("/rules/idle")), new("scope", "group"), new("id", "studio"), new("timeout", "soon")]);
        using var answer = await admin.PostAsync("/rules/idle", wrong);
        var page = await answer.Content.ReadAsStringAsync();
        page.ShouldContain("&#x27;soon&#x27; is not a duration");
        page.ShouldContain("value=\"soon\"", Case.Sensitive, "what was written is not lost");
        (await admin.ReadAsync("/rules/idle?scope=group&id=studio")).ShouldContain("value=\"7m\"");

        (await admin.SubmitAsync("/rules/idle", "/rules/idle/remove", ("scope", "group"), ("id", "studio"))).ShouldContain("The rule is removed");
        (await alice.ReadAsync($"/engines/{engine.Id}")).ShouldContain("after 30 minutes without activity (template)");
        using var refused = await alice.GetAsync("/rules/idle");
        refused.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    private static async Task<JsonElement> NextAsync(StreamReader reader, string kind)
    {
        using var budget = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (await reader.ReadLineAsync(budget.Token) is { } line)
        {
            if (line == $"event: {kind}")
                return JsonDocument.Parse((await reader.ReadLineAsync(budget.Token))!["data: ".Length..]).RootElement;
        }

        throw new EndOfStreamException();
    }
}
