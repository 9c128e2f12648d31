using System.Net;
using System.Text.Json;
using Aigc.Engines.Lifecycle;

namespace Aigc.Api.Tests.Dashboard;

[Collection(SharedDashboard.Name)]
public sealed class EnginePageTests(DashboardHost host)
{
    [Theory]
    [InlineData(EngineState.Asleep, Reasons.Idle, null, "Fell asleep", "wake")]
    [InlineData(EngineState.Queued, Reasons.Queued, "3", "number 3 in the queue", "sleep")]
    [InlineData(EngineState.Starting, Reasons.Loading, null, "is loading", "sleep")]
    [InlineData(EngineState.Ready, Reasons.Ready, null, "Ready to work", "keep-awake")]
    [InlineData(EngineState.Stopping, Reasons.Stopping, null, "is stopping", "wake")]
    [InlineData(EngineState.Failed, Reasons.Exited, "1\nout of <memory>", "exit code 1", "wake")]
    public async Task Every_state_shows_its_word_its_reason_and_the_way_out(EngineState state, string code, string? detail, string sentence, string action)
    {
        using var alice = await host.SignInAsync();
        var engine = await host.TakeAsync(alice);
        await host.ObserveAsync(engine.Id, state, new(code, detail));
        foreach (var page in new[] { "/", $"/engines/{engine.Id}" })
        {
            var html = await alice.ReadAsync(page);
            html.ShouldContain($"</svg>{state}</span>");
            html.ShouldContain(sentence);
            html.ShouldContain($"action=\"/engines/{engine.Id}/{action}\"");
        }

        if (detail?.Contains('<', StringComparison.Ordinal) == true)
            (await alice.ReadAsync($"/engines/{engine.Id}")).ShouldContain("out of &lt;memory&gt;");
    }

    [Fact]
    public async Task Buttons_work_without_scripts_and_say_what_happened_once()
    {
        using var alice = await host.SignInAsync();
        var engine = await host.TakeAsync(alice);
        (await alice.SubmitAsync("/", $"/engines/{engine.Id}/wake")).ShouldContain("is waking.");
        (await alice.ReadAsync("/")).ShouldNotContain("is waking.");
        (await host.FindAsync(engine.Id))!.Desired.ShouldBe(Desired.Awake);

        await host.ObserveAsync(engine.Id, EngineState.Ready, new(Reasons.Ready));
        (await alice.SubmitAsync("/", $"/engines/{engine.Id}/keep-awake", ("minutes", "60"))).ShouldContain("stays awake for 1 hour.");
        var details = await alice.SubmitAsync("/", $"/engines/{engine.Id}/sleep", ("return", $"/engines/{engine.Id}"));
        details.ShouldContain("<h2>History</h2>");
        (await alice.SubmitAsync($"/engines/{engine.Id}/delete", $"/engines/{engine.Id}/delete", ("disk", "keep"))).ShouldContain("is being deleted.");
        (await host.FindAsync(engine.Id)).ShouldSatisfyAllConditions(it => it!.Desired.ShouldBe(Desired.Deleted), it => it!.KeepDisk.ShouldBeTrue());
    }

    [Fact]
    public async Task Deleting_names_what_is_lost()
    {
        using var alice = await host.SignInAsync();
        var engine = await host.TakeAsync(alice);
        var html = await alice.ReadAsync($"/engines/{engine.Id}/delete");
        html.ShouldContain("Delete the engine, keep its disk");
        html.ShouldContain("the one file on it is lost");
        (await host.FindAsync(engine.Id))!.Desired.ShouldBe(Desired.Asleep);
    }

    [Fact]
    public async Task A_form_from_elsewhere_changes_nothing()
    {
        using var alice = await host.SignInAsync();
        using var mallory = await host.SignInAsync();
        var engine = await host.TakeAsync(alice);
        foreach (var token in new[] { "", await mallory.TokenAsync("/") })
        {
            using var content = new FormUrlEncodedContent([KeyValuePair.Create("__RequestVerificationToken", token)]);
            using var answer = await alice.PostAsync($"/engines/{engine.Id}/wake", content);
            answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        }

        (await host.FindAsync(engine.Id))!.Desired.ShouldBe(Desired.Asleep);
    }

    [Fact]
    public async Task Somebody_elses_engine_is_not_found_in_the_dashboards_own_style()
    {
        using var alice = await host.SignInAsync();
        using var bob = await host.SignInAsync("Bob");
        var engine = await host.TakeAsync(alice);
        using var answer = await bob.GetAsync($"/engines/{engine.Id}");
        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("There is nothing here");
        using var admin = await bob.GetAsync("/admin");
        admin.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task An_open_page_is_sent_the_new_card_when_the_state_changes()
    {
        using var alice = await host.SignInAsync();
        var engine = await host.TakeAsync(alice);
        await using var stream = await alice.StreamAsync("/live?at=/");
        using var reader = new StreamReader(stream);
        (await NextAsync(reader, "snapshot")).GetProperty("ids")[0].GetString().ShouldBe(engine.Id.Value);
        (await NextAsync(reader, "engine")).GetProperty("html").GetString()!.ShouldContain("Asleep");
        await host.ObserveAsync(engine.Id, EngineState.Ready, new(Reasons.Ready));
        (await NextAsync(reader, "engine")).GetProperty("html").GetString()!.ShouldContain("Ready to work.");
    }

    [Fact]
    public async Task An_open_page_follows_the_queue_for_the_clusters_room_although_its_own_engine_does_not_change()
    {
        using var alice = await host.SignInAsync();
        using var bob = await host.SignInAsync("Bob");
        var (first, second) = (await host.TakeAsync(bob), await host.TakeAsync(alice));
        // A shortage of its own: other tests have queues, too.
        var shortage = new Reason(Reasons.NoRoom, $"not enough example.com/{first.Id}");
        await host.ObserveAsync(first.Id, EngineState.Queued, shortage);
        await host.ObserveAsync(second.Id, EngineState.Queued, shortage);
        await using var stream = await alice.StreamAsync("/live?at=/");
        using var reader = new StreamReader(stream);
        (await NextAsync(reader, "engine")).GetProperty("html").GetString()!.ShouldContain("1 engine ahead of it");
        var version = (await host.FindAsync(second.Id))!.RowVersion;
        await host.ObserveAsync(first.Id, EngineState.Starting, new(Reasons.Starting));
        (await NextAsync(reader, "engine")).GetProperty("html").GetString()!.ShouldContain("it is the next");
        (await host.FindAsync(second.Id))!.RowVersion.ShouldBe(version, "a queue of hundreds would be written anew each time it moves");
    }

    private static async Task<JsonElement> NextAsync(StreamReader reader, string kind)
    {
        using var budget = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (await reader.ReadLineAsync(budget.Token) is { } line)
        {
            if (line == $"event: {kind}")
                return JsonDocument.Parse((await reader.ReadLineAsync(budget.Token))!["data: ".Length..]).RootElement;
        }

        throw new EndOfStreamException();
    }
}
