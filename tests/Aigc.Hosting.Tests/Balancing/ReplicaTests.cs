using System.Globalization;
using System.Net.WebSockets;
using System.Text;

namespace Aigc.Hosting.Tests.Balancing;

/// <summary>Several processes of one service behind one address: one of them may die without anybody noticing.</summary>
public sealed class ReplicaTests
{
    [Fact]
    public async Task Replicas_share_an_address_and_have_names_of_their_own()
    {
        var builder = Run.Builder();
        var service = Service(builder, 2);
        var asking = builder.AddProject<Sample_Service>("asking", launchProfileName: null).WithHttpEndpoint().WithHttpHealthCheck("/health").WithReference(service).WaitFor(service);
        await using var run = await Run.StartAsync(builder);
        var environment = await run.EnvironmentAsync("asking");
        environment["services__service__http__0"].ShouldBe(run.App.GetEndpoint("service").ToString().TrimEnd('/'));
        environment.ShouldNotContainKey("services__service__http__1");

        var seen = new HashSet<string>();
        for (var i = 0; i < 2; i++)
        {
            var replica = await run.EnvironmentAsync("service");
            seen.Add($"{replica["OTEL_RESOURCE_ATTRIBUTES"]} {replica["OTEL_SERVICE_NAME"]}");
            replica["ASPNETCORE_URLS"].ShouldNotBe(environment["services__service__http__0"]);
        }

        seen.Order().ShouldBe(["service.instance.id=service-0 service", "service.instance.id=service-1 service"]);
    }

    [Fact]
    public async Task A_request_after_a_kill_succeeds_and_the_replica_comes_back()
    {
        var builder = Run.Builder();
        Service(builder, 2);
        await using var run = await Run.StartAsync(builder);
        await run.HealthyAsync("service");
        var killed = run.Pid("service-0");
        Processes.Signal(killed, "KILL");
        await run.ReachesAsync("service", s => s.State?.Text == KnownResourceStates.Exited);
        for (var i = 0; i < 4; i++) (await PidAsync(run)).ShouldBe(run.Pid("service-1"));

        await Eventually.TrueAsync("both answer", TimeSpan.FromSeconds(20), async () =>
            run.State("service-0") == KnownResourceStates.Running && run.Pid("service-0") is var pid && pid != killed && new HashSet<int> { await PidAsync(run), await PidAsync(run) }.SetEquals([pid, run.Pid("service-1")]));
    }

    [Fact]
    public async Task One_replica_restarts_while_the_other_goes_on()
    {
        var builder = Run.Builder();
        Service(builder, 2);
        await using var run = await Run.StartAsync(builder);
        await run.HealthyAsync("service");
        int[] pids = [run.Pid("service-0"), run.Pid("service-1")];
        run.Restart("service-1").ShouldBeTrue();
        await run.ReachesAsync("service", s => s.Text("resource.restarts") == "1");
        run.Pid("service-0").ShouldBe(pids[0]);
        run.Pid("service-1").ShouldNotBe(pids[1]);
    }

    [Fact]
    public async Task A_WebSocket_goes_through_to_either_replica()
    {
        var builder = Run.Builder();
        Service(builder, 2);
        await using var run = await Run.StartAsync(builder);
        await run.HealthyAsync("service");
        var address = new UriBuilder(run.App.GetEndpoint("service")) { Scheme = "ws", Path = "/echo" }.Uri;
        for (var i = 0; i < 2; i++)
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            using var socket = new ClientWebSocket();
            await socket.ConnectAsync(address, patience.Token);
            await socket.SendAsync(Encoding.UTF8.GetBytes("hello"), WebSocketMessageType.Text, true, patience.Token);
            var buffer = new byte[16];
            var answer = await socket.ReceiveAsync(buffer, patience.Token);
            Encoding.UTF8.GetString(buffer, 0, answer.Count).ShouldBe("hello");
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, patience.Token);
        }
    }

    [Fact]
    public async Task An_endpoint_without_a_proxy_cannot_be_shared()
    {
        var builder = Run.Builder();
        builder.AddProject<Sample_Service>("service", launchProfileName: null).WithHttpEndpoint(19_874, isProxied: false).WithReplicas(2);
        var app = builder.Build();
        (await Should.ThrowAsync<DistributedApplicationException>(() => app.StartAsync())).Message
            .ShouldBe("Resource 'service' uses multiple replicas and a proxy-less endpoint 'http'. These features do not work together.");
    }

    private static IResourceBuilder<ProjectResource> Service(IDistributedApplicationBuilder builder, int replicas) =>
        builder.AddProject<Sample_Service>("service", launchProfileName: null).WithHttpEndpoint().WithHttpHealthCheck("/health").WithReplicas(replicas);

    // A client for each: a connection that is kept would stay with its replica.
    private static async Task<int> PidAsync(Run run)
    {
        using var client = run.App.CreateHttpClient("service");
        return int.Parse(await client.GetStringAsync("pid"), CultureInfo.InvariantCulture);
    }
}
