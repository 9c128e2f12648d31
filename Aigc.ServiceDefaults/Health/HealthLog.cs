using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace Aigc.ServiceDefaults.Health;

/// <summary>Says when a check fails and when it is well again: once, however often somebody probes.</summary>
internal sealed partial class HealthLog(ILogger<HealthLog> logger)
{
    private readonly ConcurrentDictionary<string, HealthStatus> _last = [];

    /// <summary>Answers with the overall status in plain text.</summary>
    public Task WriteAsync(HttpContext context, HealthReport report)
    {
        foreach (var (name, entry) in report.Entries) Tell(name, entry);
        context.Response.ContentType = "text/plain";
        return context.Response.WriteAsync(report.Status.ToString(), context.RequestAborted);
    }

    private void Tell(string name, HealthReportEntry entry)
    {
        // Probes overlap; told twice is better than not at all.
        var last = _last.TryGetValue(name, out var known) ? known : HealthStatus.Healthy;
        _last[name] = entry.Status;
        if (entry.Status == last) return;
        if (entry.Status == HealthStatus.Healthy) Log.Well(logger, name);
        else Log.Failing(logger, name, entry.Status, entry.Description, entry.Exception);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Health check {Check} is {Status}: {Description}")]
        public static partial void Failing(ILogger logger, string check, HealthStatus status, string? description, Exception? exception);

        [LoggerMessage(2, LogLevel.Information, "Health check {Check} is well again")]
        public static partial void Well(ILogger logger, string check);
    }
}
