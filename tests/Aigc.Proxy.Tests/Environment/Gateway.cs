using System.Net;
using System.Net.WebSockets;
using Aigc.Engines.Access;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.People;
using Aigc.Engines.Templates;
using Aigc.Engines.Tracking;
using Aigc.Engines.Tracking.Redis;
using Aigc.Proxy.Routes;
using Aigc.Testing;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Aigc.Proxy.Tests.Environment;

/// <summary>The real proxy before a fake API, an in-memory tracker and one engine of Alice's. Bob exists to be refused.</summary>
public sealed class Gateway : IAsyncDisposable
{
    public const string Label = "demo-alice-7k3q";
    public const string EngineHost = Label + ".engines.localhost";
    public const string AliceCookie = "alice-engine-cookie";
    public const string AliceToken = "aigc_alice-token";
    public const string BobToken = "aigc_bob-token";
    public const string BobCookie = "bob-engine-cookie";
    public static readonly TimeSpan Budget = TimeSpan.FromSeconds(10);

    private readonly List<IAsyncDisposable> _running = [];
    private Server _proxy = null!;

    public EngineId Engine { get; private init; } = EngineId.New();
    public MemoryTracker Tracker { get; } = new();

    /// <summary>What the proxy really asks: <see cref="Tracker"/>, unless the test brings a Redis.</summary>
    public ISessionTracker Asked { get => field ?? Tracker; private init; }
    public TimeProvider Time { get; private init; } = TimeProvider.System;
    public FakeApi Api { get; } = new();
    public Uri Address => _proxy.Address;
    public HttpClient Client { get; private set; } = null!;
    public LiveEngine Live => Find(Label)!;
    public int Waiting => _proxy.Services.GetRequiredService<Proxy.Waiting.Seats>().Taken;
    public static SignInKey AliceDashboard { get; } = SignInKey.Of("alice-dashboard");

    public LiveEngine? Find(string label) => _proxy.Services.GetRequiredService<RouteTable>().Find(label);

    public static Task<Gateway> StartAsync(params (string Key, string Value)[] settings) => StartInAsync("Production", settings);

    public static Task<Gateway> StartInAsync(string environment, params (string Key, string Value)[] settings) =>
        StartAsync(new(), environment, settings);

    public static Task<Gateway> StartAsync(Action<FakeApi> prepare)
    {
        var gateway = new Gateway();
        prepare(gateway.Api);
        return StartAsync(gateway, "Production");
    }

    public static Task<Gateway> StartAtAsync(TimeProvider time, params (string Key, string Value)[] settings) =>
        StartAsync(new() { Time = time }, "Production", settings);

    /// <summary>A proxy on this Redis; several may serve the same engine.</summary>
    public static Task<Gateway> StartOnAsync(RedisServer redis, EngineId engine, TimeProvider? time = null)
    {
        var gateway = new Gateway
        {
            Engine = engine,
            Time = time ?? TimeProvider.System,
            Asked = new RedisTracker(redis.ConnectionString, TimeProvider.System, NullLogger<RedisTracker>.Instance),
        };
        foreach (var (credential, user, kind) in new[] { (AliceCookie, "alice", SignInKind.EngineHost), (AliceToken, "alice", SignInKind.PersonalToken) })
            gateway.Api.SignIns[credential] = gateway.NewSignIn(credential, user, kind, AliceDashboard);
        return StartAsync(gateway, "Production");
    }

    private static async Task<Gateway> StartAsync(Gateway gateway, string environment, params (string Key, string Value)[] settings)
    {
        var api = await gateway.StartServerAsync(gateway.Api.Use);
        gateway._proxy = await Server.StartAsync(
            builder =>
            {
                builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
                {
                    ["Gateway:PublicUrl"] = "http://localhost:8080",
                    ["Gateway:EngineDomain"] = "engines.localhost",
                    ["Gateway:Key"] = FakeApi.Key,
                    ["services:api:http:0"] = api.Address.ToString(),
                });
                builder.Configuration.AddInMemoryCollection(settings.ToDictionary(s => s.Key, s => (string?)s.Value));
                builder.Services.AddSingleton(gateway.Asked).AddSingleton(gateway.Time);
                builder.AddGatewayProxy();
            },
            app => app.UseGatewayProxy(),
            environment: environment);
        gateway._running.Insert(0, gateway._proxy);
        gateway.Client = NewClient();
        await gateway.SignInAsync(AliceCookie, "alice", SignInKind.EngineHost, AliceDashboard);
        await gateway.SignInAsync(AliceToken, "alice", SignInKind.PersonalToken, gateway.Asked is RedisTracker ? AliceDashboard : null);
        await gateway.SignInAsync(BobToken, "bob", SignInKind.PersonalToken);
        await gateway.SignInAsync(BobCookie, "bob", SignInKind.EngineHost, SignInKey.Of("bob-dashboard"));
        await gateway.BecomeAsync(EngineState.Asleep);
        return gateway;
    }

    public async Task<Server> StartServerAsync(Action<WebApplication> use, int port = 0)
    {
        var server = await Server.StartAsync(null, use, port);
        _running.Add(server);
        return server;
    }

    /// <summary>An engine that is ready from the start.</summary>
    public static async Task<Gateway> StartReadyAsync(RequestDelegate engine)
    {
        var gateway = await StartAsync();
        await gateway.BecomeReadyAsync(engine);
        return gateway;
    }

    public async Task BecomeReadyAsync(RequestDelegate engine, ActivityRules? rules = null)
    {
        var server = await StartServerAsync(app =>
        {
            app.UseWebSockets(new() { KeepAliveInterval = TimeSpan.Zero });
            app.Run(engine);
        });
        await BecomeAsync(EngineState.Ready, server.Address, rules: rules);
    }

    public async Task BecomeAsync(EngineState state, Uri? address = null, bool draining = false, Reason? reason = null, long generation = 1, ActivityRules? rules = null)
    {
        var route = new Route
        {
            Engine = Engine,
            Host = Label,
            Owner = new("alice"),
            Group = new("studio"),
            Title = new("Demo", "演示"),
            State = state,
            Reason = reason ?? new(Reasons.Visit),
            Since = TimeProvider.System.GetUtcNow(),
            Address = address,
            Draining = draining,
            Generation = generation,
            Activity = rules ?? new(),
        };
        await TellAsync(route);
    }

    /// <summary>The engine is as before, and lets others in.</summary>
    public Task GrantAsync(params Grant[] grants) => TellAsync(Live.Route with { Access = grants });

    private async Task TellAsync(Route route)
    {
        await Asked.PublishRouteAsync(route, new(1), default);
        await Wait.UntilAsync(() => _proxy.Services.GetRequiredService<RouteTable>().Find(Label)?.Route is { } known && known with { Activity = route.Activity, Access = route.Access } == route && known.Access?.Count == route.Access?.Count);
    }

    public HttpRequestMessage Request(HttpMethod method, string path, string? token = AliceToken, string host = EngineHost)
    {
        var request = new HttpRequestMessage(method, new Uri(Address, path)) { Headers = { Host = host } };
        if (token is not null)
            request.Headers.Authorization = new("Bearer", token);
        return request;
    }

    public HttpRequestMessage Navigation(string path, string? cookie = "aigc-engine=" + AliceCookie)
    {
        var request = Request(HttpMethod.Get, path, token: null);
        request.Headers.Add("Sec-Fetch-Mode", "navigate");
        request.Headers.Add("Sec-Fetch-Site", "cross-site");
        if (cookie is not null)
            request.Headers.Add("Cookie", cookie);
        return request;
    }

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request) => Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).WaitAsync(Budget);

    public async Task<ClientWebSocket> ConnectAsync(string path = "/ws", Action<ClientWebSocketOptions>? configure = null)
    {
        var socket = new ClientWebSocket();
        socket.Options.KeepAliveInterval = TimeSpan.Zero;
        socket.Options.SetRequestHeader("Host", EngineHost);
        socket.Options.SetRequestHeader("Authorization", "Bearer " + AliceToken);
        configure?.Invoke(socket.Options);
        await socket.ConnectAsync(new UriBuilder(new Uri(Address, path)) { Scheme = "ws" }.Uri, default).WaitAsync(Budget);
        return socket;
    }

    public static HttpClient NewClient() => new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false }) { Timeout = TimeSpan.FromSeconds(50) };

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        foreach (var running in _running)
            await running.DisposeAsync();
        (Asked as IDisposable)?.Dispose();
    }

    public SignIn NewSignIn(string credential, string user, SignInKind kind, SignInKey? parent = null) => new()
    {
        Key = SignInKey.Of(credential),
        Kind = kind,
        User = new(user),
        UserName = user,
        Name = user,
        Group = new("studio"),
        Role = Role.Admin,
        Engine = kind == SignInKind.EngineHost ? Engine : null,
        Parent = parent,
        ExpiresAt = DateTimeOffset.MaxValue,
    };

    private Task SignInAsync(string credential, string user, SignInKind kind, SignInKey? parent = null) =>
        Asked.PutSignInAsync(NewSignIn(credential, user, kind, parent), default);
}
