using Aigc.Engines.Lifecycle;

namespace Aigc.Worker.Runtimes;

/// <summary>How large the disks of engines are, as far as they are paid for.</summary>
public interface IDiskSizes
{
    /// <summary>How long an answer is good enough.</summary>
    TimeSpan GoodFor { get; }

    /// <returns>In bytes; 0: there is none; null: that can't be told now.</returns>
    Task<long?> SizeAsync(EngineId engine, CancellationToken cancellationToken);
}
