using Aigc.Engines.Templates;
using Aigc.Worker.Probes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Aigc.Worker.Tests.Probes;

public sealed class ProbeTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Theory]
    [InlineData(200, Readiness.Ready)]
    [InlineData(302, Readiness.Ready)]
    [InlineData(404, Readiness.Loading)]
    [InlineData(500, Readiness.Loading)]
    public async Task Answers_below_400_are_ready(int status, Readiness expected)
    {
        var (app, address) = await Backend.StartAsync(app => app.MapGet("/up", () => Results.StatusCode(status)));
        await using var _ = app;
        using var client = new ProbeClient(TimeProvider.System);
        var answer = await new ReadinessProber(client).ProbeAsync(address, new("/up"), None);
        answer.ShouldBe(new(expected, $"answered {status}"));
    }

    [Fact]
    public async Task A_hang_and_a_dropped_connection_are_loading_and_nobody_listening_is_said_so()
    {
        var (app, address) = await Backend.StartAsync(app =>
        {
            app.MapGet("/hang", (CancellationToken ct) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct));
            app.MapGet("/drop", (HttpContext context) => context.Abort());
        });
        using var client = new ProbeClient(TimeProvider.System);
        var prober = new ReadinessProber(client);
        await using (app)
        {
            (await prober.ProbeAsync(address, new("/hang", TimeSpan.FromMilliseconds(200)), None)).State.ShouldBe(Readiness.Loading);
            (await prober.ProbeAsync(address, new("/drop"), None)).State.ShouldBe(Readiness.Loading);
            (await prober.ProbeAsync(address, new(), None)).State.ShouldBe(Readiness.Ready);
        }

        (await prober.ProbeAsync(address, new("/drop"), None)).State.ShouldBe(Readiness.NotListening);
        (await prober.ProbeAsync(address, new(), None)).State.ShouldBe(Readiness.NotListening);
    }

    [Theory]
    [InlineData(BusyProbeKind.A1111, """{"progress":0,"state":{"job_count":0}}""", null, Busyness.Idle)]
    [InlineData(BusyProbeKind.A1111, """{"progress":0.2,"state":{"job_count":0}}""", null, Busyness.Busy)]
    [InlineData(BusyProbeKind.A1111, """{"progress":0,"state":{"job_count":1}}""", null, Busyness.Busy)]
    [InlineData(BusyProbeKind.A1111, """{"detail":"Not Found"}""", null, Busyness.Unknown)]
    [InlineData(BusyProbeKind.ComfyUi, """{"queue_running":[],"queue_pending":[]}""", null, Busyness.Idle)]
    [InlineData(BusyProbeKind.ComfyUi, """{"queue_running":[],"queue_pending":[[1]]}""", null, Busyness.Busy)]
    [InlineData(BusyProbeKind.Json, """{"a/b":{"~c":[false,true]}}""", "/a~1b/~0c/1", Busyness.Busy)]
    [InlineData(BusyProbeKind.Json, """{"a":[0]}""", "/a/01", Busyness.Unknown)]
    [InlineData(BusyProbeKind.Json, "<html>", "", Busyness.Unknown)]
    public async Task What_an_engine_says_decides(BusyProbeKind kind, string body, string? where, Busyness expected)
    {
        var (app, address) = await Backend.StartAsync(app => app.MapFallback(() => Results.Text(body)));
        await using var _ = app;
        using var probes = new BusyProbes();
        (await probes.AskAsync(address, new(kind, "/busy", where))).State.ShouldBe(expected);
    }

    [Theory]
    [InlineData("""{"queue_running":[],"queue_pending":[],"done":7}""", 7L)]
    [InlineData("""{"queue_running":[],"queue_pending":[],"done":"7"}""", null)]
    [InlineData("""{"queue_running":[],"queue_pending":[],"done":7.5}""", null)]
    [InlineData("""{"queue_running":[],"queue_pending":[]}""", null)]
    public async Task How_much_it_has_done_is_read_where_the_template_says(string body, long? count)
    {
        var (app, address) = await Backend.StartAsync(app => app.MapFallback(() => Results.Text(body)));
        await using var _ = app;
        using var probes = new BusyProbes();
        var answer = await probes.AskAsync(address, new(BusyProbeKind.ComfyUi, Count: "/done"));
        (answer.State, answer.Count).ShouldBe((Busyness.Idle, count));
    }
}
