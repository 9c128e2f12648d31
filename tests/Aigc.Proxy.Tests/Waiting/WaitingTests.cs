using System.Net;
using Aigc.Engines.Lifecycle;
using Aigc.Proxy.Tests.Environment;

namespace Aigc.Proxy.Tests.Waiting;

public sealed class WaitingTests
{
    [Fact]
    public async Task A_stranger_starts_nothing()
    {
        await using var gateway = await Gateway.StartAsync();

        var answer = await gateway.SendAsync(gateway.Request(HttpMethod.Post, "/", token: Gateway.BobToken));

        answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        gateway.Api.Visits.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_thousand_simultaneous_visits_wake_once_and_all_succeed()
    {
        await using var gateway = await Gateway.StartAsync();
        var all = Enumerable.Range(0, 1000).Select(_ => gateway.Client.SendAsync(gateway.Request(HttpMethod.Get, "/api"))).ToList();
        await Wait.UntilAsync(() => !gateway.Api.Visits.IsEmpty);

        await gateway.BecomeAsync(EngineState.Queued);
        await gateway.BecomeAsync(EngineState.Starting);
        await gateway.BecomeReadyAsync(context => context.Response.WriteAsync("hello"));

        foreach (var answer in await Task.WhenAll(all))
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        gateway.Api.Visits.Count.ShouldBeLessThan(20);
    }

    [Fact]
    public async Task A_person_sees_a_page_that_follows_the_engine()
    {
        await using var gateway = await Gateway.StartAsync();
        var page = await gateway.SendAsync(gateway.Navigation("/"));
        page.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        page.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(2));
        page.Headers.CacheControl!.NoStore.ShouldBeTrue();
        (await page.Content.ReadAsStringAsync()).ShouldContain("Demo is waking up");
        var request = gateway.Request(HttpMethod.Get, "/.aigc/events");
        request.Headers.AcceptLanguage.ParseAdd("zh-CN,en");
        using var reader = new StreamReader(await (await gateway.SendAsync(request)).Content.ReadAsStreamAsync());
        (await NextStateAsync(reader)).ShouldContain("\"state\":\"Asleep\"");

        await gateway.BecomeAsync(EngineState.Starting);
        (await NextStateAsync(reader)).ShouldContain("\"ready\":false");
        await gateway.BecomeReadyAsync(context => context.Response.WriteAsync("hello"));
        (await NextStateAsync(reader)).ShouldContain("\"ready\":true");

        gateway.Api.Visits.Count.ShouldBe(1);
        gateway.Live.Lease.LastActivity.ShouldBeNull();
    }

    [Fact]
    public async Task Who_waits_for_the_clusters_room_sees_the_queue_move_although_nothing_is_told_of_its_own_engine()
    {
        await using var gateway = await Gateway.StartAsync();
        await gateway.BecomeAsync(EngineState.Queued, reason: new(Reasons.NoRoom, "not enough nvidia.com/gpu"));
        var mine = gateway.Live.Route;
        var other = mine with { Engine = EngineId.New(), Host = "other", Since = mine.Since.AddSeconds(-1) };
        await gateway.Tracker.PublishRouteAsync(other, new(1), default);
        await Wait.UntilAsync(() => gateway.Find("other") is not null);
        using var reader = new StreamReader(await (await gateway.SendAsync(gateway.Request(HttpMethod.Get, "/.aigc/events"))).Content.ReadAsStreamAsync());
        (await NextStateAsync(reader)).ShouldContain("enough free nvidia.com/gpu; 1 engine ahead of it");
        await gateway.Tracker.PublishRouteAsync(other with { State = EngineState.Starting, Reason = new(Reasons.Starting) }, new(1), default);
        (await NextStateAsync(reader)).ShouldContain("it is the next");
        gateway.Live.Route.ShouldBeSameAs(mine);
    }

    [Fact]
    public async Task A_page_that_asks_is_told_when_its_engine_falls_asleep_and_what_it_answers_is_a_visit()
    {
        await using var gateway = await Gateway.StartReadyAsync(context => context.Response.WriteAsync("hello"));
        using var reader = new StreamReader(await (await gateway.SendAsync(gateway.Request(HttpMethod.Get, "/.aigc/events"))).Content.ReadAsStreamAsync());
        (await NextStateAsync(reader)).ShouldContain("\"sleepsAt\":null");
        await gateway.Tracker.PublishRouteAsync(gateway.Live.Route with { SleepsAt = DateTimeOffset.UnixEpoch }, new(1), default);
        (await NextStateAsync(reader)).ShouldContain("\"sleepsAt\":\"1970-01-01T00:00:00+00:00\"");
        gateway.Live.Lease.LastActivity.ShouldBeNull("to watch is no activity");

        var stay = gateway.Request(HttpMethod.Post, "/.aigc/wake");
        stay.Headers.Add("Sec-Fetch-Site", "same-origin");
        (await gateway.SendAsync(stay)).StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        gateway.Api.Visits.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_forgotten_tab_wakes_nothing()
    {
        await using var gateway = await Gateway.StartAsync();
        var poll = gateway.Request(HttpMethod.Get, "/queue");
        poll.Headers.Add("Sec-Fetch-Mode", "cors");
        var socket = gateway.Request(HttpMethod.Get, "/ws");
        socket.Headers.Add("Sec-Fetch-Mode", "websocket");

        var answers = new[] { await gateway.SendAsync(poll), await gateway.SendAsync(socket) };

        answers.ShouldAllBe(answer => answer.StatusCode == HttpStatusCode.ServiceUnavailable && answer.Headers.RetryAfter != null);
        gateway.Api.Visits.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_engine_that_fails_tells_those_who_wait_why()
    {
        await using var gateway = await Gateway.StartAsync();
        var waiting = gateway.SendAsync(gateway.Request(HttpMethod.Post, "/prompt"));
        await Wait.UntilAsync(() => !gateway.Api.Visits.IsEmpty);

        await gateway.BecomeAsync(EngineState.Failed, reason: new(Reasons.Exited, "1\nCUDA out of memory"));

        var answer = await waiting;
        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("CUDA out of memory");
    }

    [Fact]
    public async Task A_failed_engine_shows_its_reason_and_is_tried_again_on_request_only()
    {
        await using var gateway = await Gateway.StartAsync();
        gateway.Api.OnVisit = visit => Task.FromResult<Aigc.Engines.Gateway.VisitAnswer?>(
            new(Desired.Awake, visit.Retry ? EngineState.Queued : EngineState.Failed, new(Reasons.Exited), 1));
        await gateway.BecomeAsync(EngineState.Failed, reason: new(Reasons.Exited, "1\nCUDA <b>out of memory\nend"));

        var page = await (await gateway.SendAsync(gateway.Navigation("/"))).Content.ReadAsStringAsync();
        page.ShouldContain("Its program ended with exit code 1.");
        page.ShouldContain("CUDA &lt;b&gt;out of memory");
        var foreign = gateway.Request(HttpMethod.Post, "/.aigc/wake?returnUrl=%2Fx");
        foreign.Headers.Add("Sec-Fetch-Site", "cross-site");
        (await gateway.SendAsync(foreign)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        gateway.Api.Visits.ShouldAllBe(visit => !visit.Retry);
        var own = gateway.Request(HttpMethod.Post, "/.aigc/wake?returnUrl=%2Fx");
        own.Headers.Add("Sec-Fetch-Site", "same-origin");
        var answer = await gateway.SendAsync(own);

        answer.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        answer.Headers.Location!.ToString().ShouldBe("/x");
        gateway.Api.Visits.Count(visit => visit.Retry).ShouldBe(1);
    }

    [Fact]
    public async Task Who_waits_in_the_queue_can_leave_it_and_is_offered_a_pool_with_room()
    {
        await using var gateway = await Gateway.StartAsync();
        await gateway.BecomeAsync(EngineState.Queued, reason: new(Reasons.Queued, "3 why=NoRoom pool=studio wait=10 other=cloud"));

        var page = await (await gateway.SendAsync(gateway.Navigation("/"))).Content.ReadAsStringAsync();
        page.ShouldContain("Waiting for its turn, number 3 in the queue; studio is full. It should start in about 10 minutes.");
        page.ShouldContain("Start in cloud instead");
        (await gateway.SendAsync(Form("/.aigc/cancel", "cross-site"))).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        gateway.Api.Queue.ShouldBeEmpty();
        var elsewhere = await gateway.SendAsync(Form("/.aigc/pool?returnUrl=%2Fx", "same-origin", ("pool", "cloud")));
        (elsewhere.StatusCode, elsewhere.Headers.Location?.ToString()).ShouldBe((HttpStatusCode.SeeOther, "/x"));
        var left = await gateway.SendAsync(Form("/.aigc/cancel", "same-origin"));
        (await left.Content.ReadAsStringAsync()).ShouldContain("waits no more");
        gateway.Api.Queue.Select(request => request.Pool).ShouldBe(["cloud", null]);
        (await gateway.SendAsync(Form("/.aigc/pool", "same-origin"))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        gateway.Api.OnQueue = StatusCodes.Status409Conflict;
        (await gateway.SendAsync(Form("/.aigc/pool", "same-origin", ("pool", "cloud")))).StatusCode.ShouldBe(HttpStatusCode.Conflict);

        HttpRequestMessage Form(string path, string site, params (string Name, string Value)[] fields)
        {
            var request = gateway.Request(HttpMethod.Post, path);
            request.Headers.Add("Sec-Fetch-Site", site);
            request.Content = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));
            return request;
        }
    }

    [Fact]
    public async Task Waiting_has_an_end_in_time_and_in_number()
    {
        await using var gateway = await Gateway.StartAsync(("Proxy:Waiting:MaxHold", "00:00:01"), ("Proxy:Waiting:MaxWaitersPerEngine", "1"));

        var answers = await Task.WhenAll(gateway.SendAsync(gateway.Request(HttpMethod.Get, "/")), gateway.SendAsync(gateway.Request(HttpMethod.Get, "/")));

        answers.Select(answer => (int)answer.StatusCode).Order().ShouldBe([503, 504]);
        answers.ShouldAllBe(answer => answer.Headers.RetryAfter != null);
    }

    [Fact]
    public async Task A_refused_connection_visits_again_and_then_goes_through()
    {
        await using var gateway = await Gateway.StartAsync();
        await gateway.BecomeAsync(EngineState.Ready, new("http://127.0.0.1:1"));
        var request = gateway.Request(HttpMethod.Post, "/prompt");
        request.Content = new StringContent("a cat");
        var waiting = gateway.SendAsync(request);
        await Wait.UntilAsync(() => !gateway.Api.Visits.IsEmpty);

        await gateway.BecomeReadyAsync(async context => await context.Response.WriteAsync(await new StreamReader(context.Request.Body).ReadToEndAsync()));

        var answer = await waiting;
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await answer.Content.ReadAsStringAsync()).ShouldBe("a cat");
    }

    [Fact]
    public async Task Who_goes_away_leaves_the_seat_and_the_wake_stays()
    {
        await using var gateway = await Gateway.StartAsync(("Proxy:Waiting:MaxWaitersPerEngine", "1"));
        using var abort = new CancellationTokenSource();
        var gone = gateway.Client.SendAsync(gateway.Request(HttpMethod.Get, "/"), abort.Token);
        await Wait.UntilAsync(() => !gateway.Api.Visits.IsEmpty);

        await abort.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(gone);

        await Wait.UntilAsync(() => gateway.Waiting == 0);
    }

    private static async Task<string> NextStateAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync().WaitAsync(Gateway.Budget) is { } line)
            if (line.StartsWith("data:", StringComparison.Ordinal))
                return line;
        throw new EndOfStreamException();
    }
}
