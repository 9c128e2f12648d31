using Aigc.Worker.Ahead;
using Aigc.Worker.Disks;
using Aigc.Worker.Metering;
using Aigc.Worker.Reconciling;
using Aigc.Worker.Sleeping;

namespace Aigc.Worker.Leading;

/// <summary>All that a leader does in its term. One part that ends ends the term.</summary>
internal static class TermWork
{
    public static Task RunAsync(IServiceProvider term, CancellationToken cancellationToken) => Together.RunAsync(
        cancellationToken,
        term.GetRequiredService<ReconcileLoop>().RunAsync,
        term.GetRequiredService<RoutePublisher>().RunAsync,
        term.GetRequiredService<SleepSweep>().RunAsync,
        term.GetRequiredService<DiskSweep>().RunAsync,
        term.GetRequiredService<SpareKeeper>().RunAsync,
        term.GetRequiredService<HabitWaker>().RunAsync,
        term.GetRequiredService<DiskMeter>().RunAsync);
}
