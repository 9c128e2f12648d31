using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Aigc.ServiceDefaults.Logs;

internal static class LogExtensions
{
    /// <summary>
    /// One line for each event, and none for each request: those show whole addresses, in which one-time codes travel. Defaults below every other source of configuration,
    /// so that <c>Logging:LogLevel</c> and <c>Logging:Console</c> decide wherever they say something.
    /// </summary>
    public static void AddDefaultLogs(this IHostApplicationBuilder builder)
    {
        var defaults = new Dictionary<string, string?>
        {
            ["Logging:LogLevel:Microsoft.AspNetCore"] = "Warning",
            ["Logging:LogLevel:System.Net.Http"] = "Warning",
            ["Logging:LogLevel:Yarp"] = "Warning",

            // Visitors who left; what really broke is logged and counted by the proxy itself.
            ["Logging:LogLevel:Yarp.ReverseProxy.Forwarder"] = "Error",

            // Logged at every probe; HealthLog tells the changes.
            ["Logging:LogLevel:Microsoft.Extensions.Diagnostics.HealthChecks"] = "Critical",

            // "simple" and "json" are there too, with the options of the framework.
            ["Logging:Console:FormatterName"] = LineFormatter.FormatterName,
            ["Logging:Console:FormatterOptions:SingleLine"] = "true",
            ["Logging:Console:FormatterOptions:ColorBehavior"] = Console.IsOutputRedirected ? "Disabled" : "Default",
        };
        builder.Logging.AddConsoleFormatter<LineFormatter, ConsoleFormatterOptions>();

        // The slim builder names the formatter itself, after the configuration was read.
        var configuration = builder.Configuration;
        builder.Services.PostConfigure<ConsoleLoggerOptions>(console => console.FormatterName = configuration["Logging:Console:FormatterName"]);
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = defaults });
    }
}
