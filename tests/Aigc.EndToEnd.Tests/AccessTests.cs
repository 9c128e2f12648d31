using System.Diagnostics;
using System.Net;
using System.Net.WebSockets;
using Aigc.Testing;

namespace Aigc.EndToEnd.Tests;

/// <summary>Letting others in, and out again, through the whole product.</summary>
[Collection(nameof(OneProduct))]
public sealed class AccessTests(ProductFixture fixture)
{
    private readonly Product _product = fixture.Product;

    [Fact]
    public async Task A_shared_engine_is_looked_at_while_it_is_awake_and_by_nobody_after()
    {
        using var alice = await _product.Person("alice").SignInAsync();
        using var bob = await _product.Person("bob").SignInAsync();
        var engine = await alice.TakeAsync("quick");
        var bobs = engine with { Owner = bob };
        var share = await alice.CallAsync(HttpMethod.Post, $"api/v1/engines/{engine.Id}/shares", new { userName = "bob" });
        await Eventually.TrueAsync("the proxy knows of the share", TimeSpan.FromSeconds(10), async () =>
            (await bobs.NavigateAsync()).StatusCode == HttpStatusCode.ServiceUnavailable);
        (await engine.ReadAsync())["desired"]!.GetValue<string>().ShouldBe("Asleep", "looking wakes nothing");

        await WakeAsync(engine);
        (await bobs.NavigateAsync()).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await bobs.VisitAsync("sdapi/v1/txt2img", HttpMethod.Post, new StringContent("{}"))).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        await Should.ThrowAsync<WebSocketException>(() => ConnectAsync(bobs));

        await alice.CallAsync(HttpMethod.Delete, $"api/v1/engines/{engine.Id}/shares/{share["id"]}");
        await Eventually.TrueAsync("the proxy knows that it is over", TimeSpan.FromSeconds(2), async () =>
            (await bobs.NavigateAsync()).StatusCode == HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task An_administrators_socket_closes_when_the_owner_ends_the_access()
    {
        using var alice = await _product.Person("alice").SignInAsync();
        using var admin = await _product.Person("admin").SignInAsync();
        var engine = await alice.TakeAsync("quick");
        var opened = engine with { Owner = admin };
        await WakeAsync(engine);
        (await opened.NavigateAsync()).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        await admin.CallAsync(HttpMethod.Post, $"api/v1/engines/{engine.Id}/admin-access", new { reason = "The queue hangs", minutes = 5 });
        await Eventually.TrueAsync("the engine opens", TimeSpan.FromSeconds(10), async () => (await opened.NavigateAsync()).StatusCode == HttpStatusCode.OK);
        using var socket = await ConnectAsync(opened);

        var ended = Stopwatch.StartNew();
        await alice.CallAsync(HttpMethod.Delete, $"api/v1/engines/{engine.Id}/admin-access");
        await Should.ThrowAsync<WebSocketException>(() => ReceiveToEndAsync(socket));
        ended.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(3), "two seconds are promised, and this machine is busy");
        (await opened.NavigateAsync()).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await admin.SendAsync(HttpMethod.Get, $"api/v1/engines/{engine.Id}/files")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    private static async Task WakeAsync(TakenEngine engine)
    {
        await engine.AskAsync("wake");
        await engine.ReachesAsync("Ready");
        // The hand-off, and the route.
        (await engine.NavigateAsync()).StatusCode.ShouldBeOneOf(HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable);
    }

    private static async Task<ClientWebSocket> ConnectAsync(TakenEngine engine)
    {
        var socket = new ClientWebSocket();
        using var client = new HttpMessageInvoker(engine.Owner.Handler(redirects: false));
        await socket.ConnectAsync(
            new UriBuilder(new Uri(engine.Url, "ws?clientId=guest")) { Scheme = "ws" }.Uri, client, new CancellationTokenSource(TimeSpan.FromSeconds(10)).Token);
        return socket;
    }

    private static async Task ReceiveToEndAsync(ClientWebSocket socket)
    {
        var buffer = new byte[4096];
        while (true)
            await socket.ReceiveAsync(buffer, new CancellationTokenSource(TimeSpan.FromSeconds(10)).Token);
    }
}
