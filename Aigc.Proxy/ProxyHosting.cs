using System.Diagnostics;
using Aigc.Engines.Auditing;
using Aigc.Engines.Gateway;
using Aigc.Proxy.Denying;
using Aigc.Proxy.Forwarding;
using Aigc.Proxy.Gate;
using Aigc.Proxy.HandOff;
using Aigc.Proxy.Leases;
using Aigc.Proxy.Limits;
using Aigc.Proxy.Routes;
using Aigc.Proxy.Signing;
using Aigc.Proxy.SignIns;
using Aigc.Proxy.Tracing;
using Aigc.Proxy.Waiting;
using Aigc.ServiceDefaults.Limits;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Aigc.Proxy;

/// <summary>Puts the proxy together. It needs an <see cref="Engines.Tracking.ISessionTracker"/> besides.</summary>
public static class ProxyHosting
{
    /// <summary>
    /// What the framework would do for each request otherwise: four lines of log, a logging scope and an activity that nobody reads.
    /// Below every other source of configuration, so that <c>Logging:LogLevel</c> brings them back.
    /// </summary>
    private static readonly Dictionary<string, string?> QuietFramework = new()
    {
        ["Logging:LogLevel:Microsoft.AspNetCore"] = "Warning",
        ["Logging:LogLevel:Microsoft.AspNetCore.Hosting.Diagnostics"] = "None",
        ["Logging:LogLevel:Yarp"] = "Warning",
    };

    public static WebApplicationBuilder AddGatewayProxy(this WebApplicationBuilder builder)
    {
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = QuietFramework });
        var services = builder.Services;
        services.AddOptions<GatewayOptions>().BindConfiguration(GatewayOptions.Section).ValidateOnStart();
        services.AddOptions<WaitingOptions>().BindConfiguration(WaitingOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<GatewayOptions>, ValidateGatewayOptions>();
        services.AddSingleton<IValidateOptions<WaitingOptions>, ValidateWaitingOptions>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<TracingOptions>().BindConfiguration(TracingOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<TracingOptions>, ValidateTracingOptions>();
        services.AddSingleton<DistributedContextPropagator, OwnTraces>().AddSingleton<RequestTraces>();
        services.AddHttpForwarder();

        services.AddSingleton<Upstreams>().AddSingleton(CreateApi);
        services.AddSingleton<RouteTable>().AddSingleton<RouteLookup>().AddHostedService<RouteWatcher>();
        services.AddLimits().AddSingleton<AddressLimits>();
        services.AddSingleton<SignInCache>().AddHostedService<SignInUpkeep>();
        services.AddSingleton<SigningKeyRing>().AddSingleton<IdentityTokens>().AddHostedService<SigningKeyWatch>();
        services.AddSingleton<LeaseReporter>().AddHostedService(provider => provider.GetRequiredService<LeaseReporter>());
        services.AddSingleton<Denials>().AddSingleton<DenialReporter>().AddHostedService(provider => provider.GetRequiredService<DenialReporter>());
        services.AddSingleton<GatewayHosts>().AddSingleton<GatewayCookies>().AddSingleton<EngineGate>().AddSingleton<GatewayDoor>();
        services.AddSingleton<Guests>().AddHostedService(provider => provider.GetRequiredService<Guests>());
        services.AddSingleton<EngineForwarder>().AddSingleton<ApiForwarder>();
        services.AddSingleton<SignInRedirect>().AddSingleton<EnterEngine>().AddSingleton<OwnPaths>();
        services.AddSingleton<Seats>().AddSingleton<Visits>().AddSingleton<Hold>().AddSingleton<WaitingRoom>();
        services.AddSingleton<WaitingPage>().AddSingleton<EngineEvents>().AddSingleton<WakeAgain>().AddSingleton<QueueForms>().AddSingleton<OwnPage>();
        services.AddSingleton<ProxyMetrics>().AddSingleton<ProxyHealth>();
        builder.WebHost.ConfigureKestrel(ConfigureKestrel);
        return builder;
    }

    public static void UseGatewayProxy(this WebApplication app)
    {
        app.UseClientAddress();
        var door = app.Services.GetRequiredService<GatewayDoor>();
        app.Run(door.ServeAsync);
    }

    /// <summary>Models are uploaded and pictures downloaded in any size and at any speed.</summary>
    private static void ConfigureKestrel(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = null;
        kestrel.Limits.MinRequestBodyDataRate = null;
        kestrel.Limits.MinResponseDataRate = null;
        // Header bytes pass as they are.
        kestrel.RequestHeaderEncodingSelector = _ => System.Text.Encoding.Latin1;
        kestrel.ResponseHeaderEncodingSelector = _ => System.Text.Encoding.Latin1;
    }

    private static GatewayApi CreateApi(IServiceProvider services)
    {
        var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(2) })
        {
            BaseAddress = new(services.GetRequiredService<Upstreams>().Api),
            Timeout = TimeSpan.FromSeconds(10),
        };
        http.DefaultRequestHeaders.Add(GatewayOptions.KeyHeader, services.GetRequiredService<IOptions<GatewayOptions>>().Value.Key);
        return new(http);
    }
}
