using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.Hosting;

namespace Aigc.ServiceDefaults;

public static class LoggingExtensions
{
    // For each request the frameworks write several lines with whole addresses, in which one-time codes travel.
    // YARP's warnings are visitors who left; what really broke is logged and counted by the proxy itself.
    private static readonly Dictionary<string, string?> Defaults = new()
    {
        ["Logging:LogLevel:Microsoft.AspNetCore"] = "Warning",
        ["Logging:LogLevel:System.Net.Http.HttpClient"] = "Warning",
        ["Logging:LogLevel:Yarp.ReverseProxy.Forwarder"] = "Error",
    };

    /// <summary>Quiet frameworks. Below all other configuration, so that a setting or <c>Logging__LogLevel__…</c> makes them talk.</summary>
    public static TBuilder ConfigureLogging<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = Defaults });
        return builder;
    }
}
