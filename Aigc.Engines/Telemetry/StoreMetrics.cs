using System.Data;
using System.Data.Common;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Aigc.Engines.Telemetry;

/// <summary>How long the operations of database and tracker take. When nobody listens, an operation costs one check.</summary>
public static class StoreMetrics
{
    public const string Name = "Aigc.Engines";

    /// <summary>Seconds: from an operation in memory to a database that hangs.</summary>
    private static readonly InstrumentAdvice<double> Buckets = new()
    {
        HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    };

    private static readonly Meter Meter = new(Name);

    private static readonly Histogram<double> Duration = Meter.CreateHistogram(
        "aigc.store.operation.duration", "s", "How long an operation of the database or the session tracker took.", tags: null, Buckets);

    /// <summary>The timestamp that a measurement begins with; 0: nobody listens.</summary>
    internal static long Begin() => Duration.Enabled ? Stopwatch.GetTimestamp() : 0;

    internal static void End(long began, string store, string system, string operation, Exception? error = null)
    {
        var tags = new TagList { { "aigc.store", store }, { "db.system.name", system }, { "aigc.operation", operation } };
        if (error is not null)
            tags.Add("error.type", error.GetType().Name);
        Duration.Record(Stopwatch.GetElapsedTime(began).TotalSeconds, tags);
    }

    /// <param name="file">The source file of the store.</param>
    internal static void EndWhenClosed(DbConnection connection, long began, string file, string member)
    {
        if (began == 0)
            return;
        var operation = $"{FileName(file)}.{(member.EndsWith("Async", StringComparison.Ordinal) ? member[..^"Async".Length] : member)}";
        var system = connection.GetType().Name.StartsWith("Npgsql", StringComparison.Ordinal) ? "postgresql" : "sqlite";
        connection.StateChange += (_, change) =>
        {
            if (change.CurrentState == ConnectionState.Closed)
                End(began, "database", system, operation);
        };
    }

    // The path is that of the machine which compiled it.
    private static string FileName(string path)
    {
        var name = path[(path.LastIndexOfAny(['/', '\\']) + 1)..];
        return name.EndsWith(".cs", StringComparison.Ordinal) ? name[..^".cs".Length] : name;
    }
}
