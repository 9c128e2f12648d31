using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.Hosting;

namespace Aigc.ServiceDefaults.Logs;

internal static class LogExtensions
{
    /// <summary>
    /// One line for each event, and none for each request. Defaults below every other source of configuration,
    /// so that <c>Logging:LogLevel</c> and <c>Logging:Console</c> decide wherever they say something.
    /// </summary>
    public static void AddDefaultLogs(this IHostApplicationBuilder builder)
    {
        var defaults = new Dictionary<string, string?>
        {
            ["Logging:LogLevel:Microsoft.AspNetCore"] = "Warning",
            ["Logging:LogLevel:System.Net.Http"] = "Warning",
            ["Logging:LogLevel:Yarp"] = "Warning",

            // Logged at every probe; HealthLog tells the changes.
            ["Logging:LogLevel:Microsoft.Extensions.Diagnostics.HealthChecks"] = "Critical",

            // Unnamed, the formatter takes its options from deprecated settings instead of the two below.
            ["Logging:Console:FormatterName"] = "simple",
            ["Logging:Console:FormatterOptions:SingleLine"] = "true",
            ["Logging:Console:FormatterOptions:ColorBehavior"] = Console.IsOutputRedirected ? "Disabled" : "Default",
        };
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = defaults });
    }
}
