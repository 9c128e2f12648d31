using System.Net;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.People;

namespace Aigc.Api.Tests.Dashboard;

/// <summary>Sharing, an administrator's access and the group's engines, with the forms of the dashboard alone.</summary>
[Collection(SharedDashboard.Name)]
public sealed class AccessPageTests(DashboardHost host)
{
    [Fact]
    public async Task An_owner_shares_by_user_name_and_takes_it_back()
    {
        using var alice = await host.SignInAsync();
        using var bob = await host.SignInAsync("Bob", userName: "bob-of-the-shares");
        var engine = await host.TakeAsync(alice);
        await host.ObserveAsync(engine.Id, EngineState.Ready, new(Reasons.Ready));
        var page = $"/engines/{engine.Id}";
        (await alice.SubmitAsync(page, $"{page}/share", ("userName", "nobody"), ("return", page))).ShouldContain("is not the user name of exactly one other person");
        (await alice.SubmitAsync(page, $"{page}/share", ("userName", "bob-of-the-shares"), ("return", page))).ShouldContain("Shared with bob-of-the-shares.");

        var home = await bob.ReadAsync("/");
        home.ShouldContain("Shared with me");
        home.ShouldContain($"href=\"/engines/{engine.Id}\"");
        var seen = await bob.ReadAsync(page);
        seen.ShouldContain("</svg>Look</a>");
        foreach (var other in new[] { "wake", "sleep", "restart", "keep-awake", "share", "unshare", "open-for-me" })
            seen.ShouldNotContain($"action=\"{page}/{other}\"");
        seen.ShouldNotContain($"{page}/files");
        seen.ShouldNotContain($"{page}/delete");
        seen.ShouldNotContain("<h2>Log</h2>");
        foreach (var hidden in new[] { $"{page}/files", $"{page}/delete" })
            (await bob.GetAsync(hidden)).StatusCode.ShouldBe(HttpStatusCode.NotFound);

        var share = System.Text.RegularExpressions.Regex.Match(await alice.ReadAsync(page), "name=\"share\" value=\"([^\"]+)").Groups[1].Value;
        (await alice.SubmitAsync(page, $"{page}/unshare", ("share", share), ("return", page))).ShouldContain("No longer shared with bob-of-the-shares.");
        (await bob.GetAsync(page)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task An_owner_sees_who_opened_the_engine_and_why_and_ends_it()
    {
        using var alice = await host.SignInAsync();
        using var admin = await host.SignInAsync("Root", admin: true, userName: "root");
        var engine = await host.TakeAsync(alice);
        var page = $"/engines/{engine.Id}";
        (await admin.ReadAsync(page)).ShouldNotContain("<h2>Log</h2>");
        (await admin.SubmitAsync(page, $"{page}/open-for-me", ("reason", ""), ("minutes", "60"), ("return", page))).ShouldContain("Give a reason");
        (await admin.SubmitAsync(page, $"{page}/open-for-me", ("reason", "The <queue> hangs"), ("minutes", "60"), ("return", page)))
            .ShouldContain("Its owner is told.");
        (await admin.ReadAsync(page)).ShouldContain("<h2>Log</h2>");

        foreach (var told in new[] { "/", page })
        {
            var html = await alice.ReadAsync(told);
            html.ShouldContain("root can open this engine. Ends");
            html.ShouldContain("Reason: The &lt;queue&gt; hangs");
        }

        (await alice.SubmitAsync(page, $"{page}/end-access", ("return", page))).ShouldContain("Nobody but its owner can open");
        (await alice.ReadAsync("/")).ShouldContain("root could open this engine. Ended");
        (await admin.ReadAsync(page)).ShouldNotContain("<h2>Log</h2>");
    }

    [Fact]
    public async Task An_open_page_is_told_of_an_administrators_access()
    {
        using var alice = await host.SignInAsync();
        using var admin = await host.SignInAsync("Root", admin: true, userName: "root");
        var engine = await host.TakeAsync(alice);
        await using var stream = await alice.StreamAsync("/live?at=/");
        using var reader = new StreamReader(stream);
        await admin.SubmitAsync($"/engines/{engine.Id}", $"/engines/{engine.Id}/open-for-me", ("reason", "A fault"), ("minutes", "60"));
        using var budget = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (!(await reader.ReadLineAsync(budget.Token))!.Contains("can open this engine", StringComparison.Ordinal))
        {
        }
    }

    [Fact]
    public async Task A_manager_has_a_page_of_the_group_and_keeps_the_disk_of_what_they_delete()
    {
        using var alice = await host.SignInAsync();
        using var manager = await host.SignInAsync("Mona", role: Role.GroupManager, userName: "mona");
        var engine = await host.TakeAsync(alice);
        var page = $"/engines/{engine.Id}";
        (await alice.GetAsync("/group")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await manager.ReadAsync("/group")).ShouldContain($"href=\"{page}\"");
        (await manager.ReadAsync(page)).ShouldNotContain("open-for-me");
        (await manager.ReadAsync($"{page}/delete")).ShouldNotContain("value=\"remove\"");
        (await manager.SubmitAsync($"{page}/delete", $"{page}/delete", ("disk", "keep"))).ShouldContain("is being deleted.");
        (await host.FindAsync(engine.Id))!.KeepDisk.ShouldBeTrue();
    }

    [Fact]
    public async Task An_administrator_finds_a_person_and_deletes_them_with_a_word_on_what_goes()
    {
        using var admin = await host.SignInAsync("Root", admin: true, userName: "root");
        using var leaver = await host.SignInAsync("Lee Leaver", userName: "lee");
        (await leaver.GetAsync("/people")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await admin.ReadAsync("/people?search=leaver")).ShouldContain($"/people/delete?id={leaver.User}");
        (await admin.ReadAsync("/people?search=nobody+at+all")).ShouldContain("Nobody found.");
        (await admin.ReadAsync($"/people/delete?id={leaver.User}")).ShouldContain("kept for 30 days");
        (await admin.SubmitAsync($"/people/delete?id={leaver.User}", "/people/delete", ("id", leaver.User.Value))).ShouldContain("Lee Leaver is deleted.");
        (await leaver.GetAsync("/tokens")).StatusCode.ShouldBe(HttpStatusCode.Redirect, "to sign in");
        (await admin.SubmitAsync($"/people/delete?id={admin.User}", "/people/delete", ("id", admin.User.Value))).ShouldContain("You cannot delete yourself.");
    }
}
