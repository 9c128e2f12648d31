using System.Net;

namespace Aigc.Hosting.Tests.Page;

/// <summary>The page shows what runs and restarts it, and only for this machine's own pages.</summary>
public sealed class PageTests : IAsyncLifetime
{
    private readonly string _mark = Guid.NewGuid().ToString();
    private Run _run = null!;
    private HttpClient _client = null!;

    public async Task InitializeAsync()
    {
        var builder = DistributedApplication.CreateBuilder();
        builder.AddExecutable("talker", "sh", ".", "-c", "echo '<b>hello</b>'; sleep 1000").WithHttpEndpoint().WithEnvironment("MARK", _mark);
        _run = await Run.StartAsync(builder);
        await _run.ReachesAsync("talker", KnownResourceStates.Running);
        _client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = _run.Page };
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _run.DisposeAsync();
    }

    [Fact]
    public async Task Every_resource_is_a_row_with_its_address_and_pid()
    {
        var html = await _client.GetStringAsync("");
        html.ShouldContain("href=\"/resources/talker\"");
        html.ShouldContain(_run.App.GetEndpoint("talker").ToString().TrimEnd('/'));
        html.ShouldContain($">{_run.Pid("talker")}<");
    }

    [Fact]
    public async Task Logs_are_shown_as_text()
    {
        await Eventually.TrueAsync("the line is shown", TimeSpan.FromSeconds(10),
            async () => (await _client.GetStringAsync("resources/talker")).Contains("&lt;b&gt;hello&lt;/b&gt;", StringComparison.Ordinal));
        (await _client.GetAsync("resources/nobody")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Restart_gives_another_process()
    {
        var pid = _run.Pid("talker");
        await Eventually.TrueAsync("its child runs", TimeSpan.FromSeconds(10), () => Sleeping().Count == 1);
        var child = Sleeping().Single();
        (await RestartAsync()).ShouldBe(HttpStatusCode.SeeOther);
        var next = await _run.ReachesAsync("talker", s => s.State?.Text == KnownResourceStates.Running && s.Text("executable.pid") != $"{pid}");
        next.Snapshot.Text("resource.restarts").ShouldBe("1");
        Run.Exists(pid).ShouldBeFalse();
        await Eventually.TrueAsync("its child has ended with it", TimeSpan.FromSeconds(10), () => !Run.Exists(child));
    }

    [Theory]
    [InlineData("Origin", "http://evil.example")]
    [InlineData("Origin", "null")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Host", "evil.example")]
    public async Task Another_site_cannot_restart_anything(string header, string value)
    {
        var pid = _run.Pid("talker");
        (await RestartAsync(header, value)).ShouldBe(HttpStatusCode.Forbidden);
        _run.Pid("talker").ShouldBe(pid);
    }

    [Fact]
    public async Task A_foreign_name_for_this_machine_sees_nothing()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "") { Headers = { Host = "evil.example" } };
        (await _client.SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    private IReadOnlyList<int> Sleeping() => [.. Processes.Find(_mark, "sleep\01000").Where(pid => Processes.CommandOf(pid).StartsWith("sleep", StringComparison.Ordinal))];

    private async Task<HttpStatusCode> RestartAsync(string? header = null, string? value = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "resources/talker/restart");
        if (header is not null) request.Headers.TryAddWithoutValidation(header, value);
        return (await _client.SendAsync(request)).StatusCode;
    }
}
