using Aigc.Engines.Lifecycle;
using Aigc.Engines.People;
using Aigc.Engines.Pools;
using Aigc.Engines.Templates;

namespace Aigc.Worker.Runtimes;

/// <summary>
/// Where engines run. Level-triggered: every call states what shall be, may be repeated at any time,
/// and takes what an earlier worker left behind for its own.
/// One object serves one leader's term. Whatever changes something throws <see cref="Aigc.Engines.Leading.NotLeadingException"/>
/// once a newer term has begun.
/// </summary>
public interface IEngineRuntime
{
    /// <summary>From now on refuses what earlier terms ask for. Comes before everything else.</summary>
    /// <exception cref="RuntimeAwayException">For a reason that people are shown.</exception>
    Task BeginTermAsync(CancellationToken ct);

    /// <summary>Everything the runtime has, whoever started it; throws rather than answer a partial list.</summary>
    /// <exception cref="RuntimeAwayException">For a reason that people are shown.</exception>
    Task<IReadOnlyList<Compute>> ListAsync(CancellationToken ct);

    Task<Compute?> FindAsync(EngineId engine, CancellationToken ct);

    /// <summary>What engines of this template need of pools where they run here.</summary>
    EngineNeeds NeedsOf(Template template);

    /// <summary>Starts compute for one generation. Compute that is there already is answered as it is, whatever its generation and phase.</summary>
    /// <exception cref="EngineStartException">It can't start, for a reason that people are shown.</exception>
    /// <exception cref="RuntimeAwayException">It waits, for a reason that people are shown.</exception>
    Task<Compute> StartAsync(StartRequest request, CancellationToken ct);

    /// <summary>Gives a spare's compute to an engine that has none: from now on it is that engine's, and the spare has none.</summary>
    /// <returns>Null when it can't be given: it is gone, or was given, or this runtime gives none.</returns>
    /// <exception cref="RuntimeAwayException">It waits, for a reason that people are shown.</exception>
    Task<Compute?> GiveAsync(EngineId spare, StartRequest to, CancellationToken ct) => Task.FromResult<Compute?>(null);

    /// <summary>Makes good what somebody changed by hand about compute that runs, without touching the compute. Nothing to do costs nothing.</summary>
    /// <returns>When to look again, because it was made good just now; null: all is as it was made.</returns>
    Task<TimeSpan?> RepairAsync(StartRequest request, CancellationToken ct) => Task.FromResult<TimeSpan?>(null);

    /// <summary>Asks politely to end and returns at once.</summary>
    Task StopAsync(EngineId engine, CancellationToken ct);

    /// <summary>Ends everything of the engine by force.</summary>
    Task KillAsync(EngineId engine, CancellationToken ct);

    /// <summary>Forgets ended compute, so that the engine can start again.</summary>
    /// <exception cref="InvalidOperationException">Something of it still runs.</exception>
    Task ReleaseAsync(EngineId engine, CancellationToken ct);

    /// <summary>Removes everything of an engine whose compute has ended; its disk only when told to.</summary>
    /// <exception cref="InvalidOperationException">Something of it still runs.</exception>
    Task RemoveAsync(EngineId engine, bool keepDisk, CancellationToken ct);

    /// <summary>Yields an engine each time its compute changed by itself, so that nobody has to poll. May yield too often, never too rarely.</summary>
    IAsyncEnumerable<EngineId> WatchAsync(CancellationToken ct);
}

/// <param name="Owner">Whose cache folder the engine shares.</param>
/// <param name="OwnerName">For people who look at the runtime.</param>
/// <param name="Host">The engine's label, for people who look at the runtime.</param>
/// <param name="Group">Who pays, for people who look at the runtime.</param>
/// <param name="Pool">Where it shall run; null: anywhere.</param>
/// <param name="IsSpare">Whether its compute may be given to another engine.</param>
public sealed record StartRequest(
    EngineId Engine, long Generation, Template Template, UserId Owner, string OwnerName, string Host, GroupId Group = default, Pool? Pool = null, bool IsSpare = false);
