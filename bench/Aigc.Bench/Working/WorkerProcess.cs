using System.Diagnostics;
using Aigc.Engines.Tracking;
using Aigc.Testing;

namespace Aigc.Bench.Working;

/// <summary>A worker as AppHost starts it.</summary>
internal static class WorkerProcess
{
    public static Process Start(string folder, WorkerStores stores, IReadOnlyDictionary<string, string> settings)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", Repository.ProgramOf("Aigc.Worker"), "--urls", $"http://127.0.0.1:{FreePort.Next()}"])
        {
            RedirectStandardInput = true,
            Environment =
            {
                ["ConnectionStrings__database"] = stores.Database,
                ["ConnectionStrings__tracker"] = stores.Tracker,
                ["AIGC_DATA_DIR"] = folder,
                ["Gateway__Key"] = "a-key-for-the-benchmark",
                ["HOSTING_LIFETIME"] = "stdin",
                ["Logging__LogLevel__Default"] = "Warning",
                ["Logging__LogLevel__Aigc.Worker.Reconciling.ReconcileLoop"] = "Information",
            },
        };
        foreach (var (name, value) in settings)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    /// <summary>How many engines the proxies know, and to how many they would forward.</summary>
    public static async Task<(int Known, int Ready)> ServedAsync(ISessionTracker tracker)
    {
        await foreach (var change in tracker.WatchAsync(CancellationToken.None))
        {
            var routes = ((TrackerChange.Snapshot)change).Routes;
            return (routes.Count, routes.Count(route => route.Address is not null));
        }

        return default;
    }

    /// <returns>Processor time in % of one core.</returns>
    public static async Task<double> CostAsync(Process worker, TimeSpan during)
    {
        worker.Refresh();
        var (before, begun) = (worker.TotalProcessorTime, TimeProvider.System.GetTimestamp());
        await Task.Delay(during, TimeProvider.System, CancellationToken.None);
        worker.Refresh();
        return 100 * (worker.TotalProcessorTime - before) / TimeProvider.System.GetElapsedTime(begun);
    }
}
