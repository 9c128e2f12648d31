using System.Net;

namespace Aigc.Api.Tests.Dashboard;

/// <summary>An engine in a cluster shows its files while it is awake; until then its page says so, and helps.</summary>
[Collection(SharedDashboard.Name)]
public sealed class FilesPageTests(DashboardHost host)
{
    [Theory]
    [InlineData("engine-asleep", "shown here while it is awake", "引擎正在休眠")]
    [InlineData("files-not-ready", "as soon as it runs", "引擎正在启动")]
    [InlineData("files-need-restart", "Restart it", "重启引擎")]
    [InlineData("too-many-files", "more files than can be shown", "文件太多")]
    [InlineData("files-not-here", "are not shown here", "这里不显示")]
    public async Task Files_that_are_not_seen_are_explained_in_both_languages(string why, string english, string chinese)
    {
        host.Worker.Unseen[why] = why;
        using var alice = await host.SignInAsync();
        using var li = await host.SignInAsync("李雷", language: "zh-CN,zh;q=0.9");
        (await alice.ReadAsync($"/engines/{(await host.TakeAsync(alice)).Id}/files?path={why}")).ShouldContain(english);
        (await li.ReadAsync($"/engines/{(await host.TakeAsync(li)).Id}/files?path={why}")).ShouldContain(chinese);
    }

    [Fact]
    public async Task An_engine_that_is_asleep_is_woken_from_the_page_of_its_files()
    {
        host.Worker.Unseen["asleep"] = "engine-asleep";
        using var alice = await host.SignInAsync();
        var engine = await host.TakeAsync(alice);
        var page = $"/engines/{engine.Id}/files?path=asleep";
        var html = await alice.ReadAsync(page);
        html.ShouldContain($"action=\"/engines/{engine.Id}/wake\"");
        html.ShouldNotContain("type=\"file\"", Case.Sensitive, "nothing can be uploaded");
        (await alice.SubmitAsync(page, $"/engines/{engine.Id}/wake", ("return", page))).ShouldContain("shown here while it is awake", Case.Sensitive, "it is back on the page of its files");
        await host.ObserveAsync(engine.Id, Aigc.Engines.Lifecycle.EngineState.Starting, new("starting"));
        (await alice.ReadAsync(page)).ShouldContain("as soon as it runs");
        using var ask = await alice.GetAsync($"/engines/{engine.Id}/files/delete?path=asleep%2Fa.txt");
        ask.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }
}
