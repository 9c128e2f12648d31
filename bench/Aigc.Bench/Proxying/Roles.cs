using System.Security.Cryptography;
using Aigc.Engines.Gateway;
using Aigc.Engines.Tracking;
using Aigc.Proxy;
using Aigc.Proxy.Forwarding;
using Aigc.ServiceDefaults;
using Yarp.ReverseProxy.Forwarder;

namespace Aigc.Bench.Proxying;

/// <summary>The processes that are measured: an engine, YARP alone with the same settings, and our proxy.</summary>
public static class Roles
{
    public const int PictureLength = 1024;
    private static readonly byte[] Picture = new byte[PictureLength];

    /// <summary>The engine, and to the proxy the API with the key by which engines are told of their visitors.</summary>
    public static Task<int> BackendAsync(string port) => RunAsync(port, _ => { }, app => app.Run(async context =>
    {
        if (context.Request.Path == InternalApi.SigningKey)
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            await context.Response.WriteAsJsonAsync(new SigningKeyAnswer("bench", Convert.ToBase64String(key.ExportPkcs8PrivateKey())));
            return;
        }

        if (context.Request.Query["bytes"].ToString() is { Length: > 0 } bytes)
        {
            await Bodies.WriteAsync(context.Response.Body, long.Parse(bytes, System.Globalization.CultureInfo.InvariantCulture), context.RequestAborted);
            return;
        }
        await Bodies.DrainAsync(context.Request.Body, context.RequestAborted);
        context.Response.ContentLength = Picture.Length;
        await context.Response.Body.WriteAsync(Picture, context.RequestAborted);
    }));

    public static Task<int> BareAsync(string port, string backend) => RunAsync(
        port,
        builder => builder.Services.AddHttpForwarder(),
        app =>
        {
            var forwarder = app.Services.GetRequiredService<IHttpForwarder>();
            var client = ForwardingClient.Create();
            app.Run(async context => await forwarder.SendAsync(context, backend, client, ForwardingClient.Config, HttpTransformer.Default));
        });

    public static Task<int> ProxyAsync(string port, string backend) => RunAsync(
        port,
        builder =>
        {
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["Gateway:PublicUrl"] = "http://localhost:8080",
                ["Gateway:EngineDomain"] = "engines.localhost",
                ["Gateway:Key"] = "a-key-for-the-benchmark",
                ["services:api:http:0"] = backend,
            });
            builder.Services.AddSingleton<ISessionTracker>(new SeededTracker(new(backend)));
            // Measured too where OTEL_EXPORTER_OTLP_ENDPOINT is set.
            builder.ConfigureOpenTelemetry();
            builder.AddGatewayProxy();
        },
        app => app.UseGatewayProxy());

    private static async Task<int> RunAsync(string port, Action<WebApplicationBuilder> build, Action<WebApplication> use)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        // The output is for what the parent asks.
        builder.Logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        // As the proxy has it; see ProxyHosting.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
        });
        build(builder);
        await using var app = builder.Build();
        use(app);
        await app.StartAsync();
        Console.WriteLine("ready");
        // Each line asks how much was allocated; the parent closes our input when it is done, or dies.
        while (await Console.In.ReadLineAsync() is not null)
            Console.WriteLine(GC.GetTotalAllocatedBytes());
        await app.StopAsync();
        return 0;
    }
}
