using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Aigc.Engines.Leading;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.Pools;
using Aigc.Engines.Templates;
using Aigc.Worker.Runtimes;
using Microsoft.Extensions.Options;

namespace Aigc.Worker.Local;

/// <summary>
/// Engines as processes of this machine. All state is in files and in the process table: a worker that starts
/// anew, or a second one, sees what the first one saw. One object serves one term: it refuses to change anything once a newer one has begun.
/// </summary>
public sealed partial class LocalEngineRuntime(
    Term term, TermFolder terms, DataFolder data, IOptions<LocalOptions> options, TimeProvider time, ILogger<LocalEngineRuntime> log)
    : IEngineRuntime, IDisposable
{
    private static readonly TimeSpan KillPause = TimeSpan.FromMilliseconds(20);
    private readonly LocalOptions _options = options.Value;
    private readonly EndWatch _watch = new();

    private readonly ConcurrentDictionary<EngineId, bool> _launching = new();

    /// <summary>Ports of engines that run, or are about to and may not be listening yet.</summary>
    private readonly ConcurrentDictionary<EngineId, int> _ports = new();
    private volatile bool _portsKnown;

    // One start at a time: two must not choose the same port.
    private readonly SemaphoreSlim _starting = new(1, 1);

    public EngineNeeds NeedsOf(Template template) => EngineNeeds.Of(template.Local);

    public Task BeginTermAsync(CancellationToken ct)
    {
        terms.Begin(term);
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<Compute>> ListAsync(CancellationToken ct)
    {
        var table = new Lazy<ProcessTable>(ProcessTable.Read);
        // By folder, never by mark alone: a folder is there before anything is forked, and the mark of an engine
        // without one is another gateway's on the same machine.
        return Task.FromResult<IReadOnlyList<Compute>>([.. data.Engines().Select(engine => Observe(engine, table)).OfType<Compute>()]);
    }

    public Task<Compute?> FindAsync(EngineId engine, CancellationToken ct) => Task.FromResult(Observe(engine));

    public async Task<Compute> StartAsync(StartRequest request, CancellationToken ct)
    {
        await _starting.WaitAsync(ct);
        try
        {
            terms.Require(term);
            return Observe(request.Engine) ?? await LaunchAsync(request, ct);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EngineStartException(new(Reasons.StartFailed, $"The engine's folder can't be used: {e.Message}"), e);
        }
        finally
        {
            _starting.Release();
        }
    }

    public Task StopAsync(EngineId engine, CancellationToken ct)
    {
        if (Observe(engine) is not { Phase: ComputePhase.Running } compute)
            return Task.CompletedTask;
        terms.Require(term);
        var run = data.RunOf(engine);
        var record = run.ReadRecord();
        var shim = run.ReadShim(record);
        // Each process hears it once: for many programs a second SIGTERM means "at once".
        var asked = ProcessTable.Read().TreeOf(engine, shim).Where(process => process.Pid != shim?.Pid).ToList();
        foreach (var process in asked)
            Machine.Signal(process.Pid, Machine.Terminate);
        Log.StopAsked(log, engine, asked.Count);

        // A shim about to fork has not been asked for anything: then the next call asks.
        if (asked.Count > 0 && record is not null && record.Uid == compute.Uid)
            run.Write(record with { StopRequestedAt = time.GetUtcNow(), StopRequestedTick = time.GetTimestamp() });
        return Task.CompletedTask;
    }

    public async Task KillAsync(EngineId engine, CancellationToken ct)
    {
        var run = data.RunOf(engine);
        var shim = run.ReadShim(run.ReadRecord());
        var begun = time.GetTimestamp();
        // What forks while it is killed is met in the next round.
        for (var round = 0; ProcessTable.Read().TreeOf(engine, shim) is { Count: > 0 } tree; round++)
        {
            terms.Require(term);
            if (time.GetElapsedTime(begun) > _options.KillTimeout)
                throw new TimeoutException($"{tree.Count} processes of engine {engine} survived SIGKILL, such as {tree[0].Pid}.");
            // The shim is spared at first: it ends by itself, once it has written down how the program ended.
            foreach (var process in tree.Where(process => round > 10 || process.Pid != shim?.Pid))
                Machine.Signal(process.Pid, Machine.Kill);
            await Task.Delay(KillPause, time, ct);
        }
    }

    public Task ReleaseAsync(EngineId engine, CancellationToken ct)
    {
        terms.Require(term);
        RefuseWhileRunning(engine);
        data.RunOf(engine).Clear();
        _watch.Ended(engine);
        _ports.TryRemove(engine, out _);
        DeleteFolder(data.TempOf(engine));
        return Task.CompletedTask;
    }

    public async Task RemoveAsync(EngineId engine, bool keepDisk, CancellationToken ct)
    {
        await ReleaseAsync(engine, ct);
        DeleteFolder(keepDisk ? data.RunOf(engine).Path : data.FolderOf(engine));
    }

    public async IAsyncEnumerable<EngineId> WatchAsync([EnumeratorCancellation] CancellationToken ct)
    {
        // Observing is what puts engines under watch. Each is announced once: it may have ended since the caller last looked.
        foreach (var compute in await ListAsync(ct))
            yield return compute.Engine;
        using var timer = new PeriodicTimer(_options.WatchInterval, time);
        while (await timer.WaitForNextTickAsync(ct))
        {
            foreach (var engine in _watch.Look((lingering, table) => Observe(lingering, new(table)) is not { Phase: not ComputePhase.Exited }))
                yield return engine;
        }
    }

    public void Dispose() => _starting.Dispose();

    private async Task<Compute> LaunchAsync(StartRequest request, CancellationToken ct)
    {
        var spec = request.Template.Local
            ?? throw new EngineStartException(new(Reasons.StartFailed, "The template has no program for this machine."));
        if (OperatingSystem.IsWindows())
            throw new EngineStartException(new(Reasons.StartFailed, "Engines as processes need Linux or macOS; on Windows, run the gateway in WSL."));

        var (engine, run) = (request.Engine, data.RunOf(request.Engine));
        var (disk, temp, cache) = (data.DiskOf(engine), data.TempOf(engine), data.CacheOf(request.Owner));
        foreach (var folder in (string[])[disk, temp, cache, run.Path])
            Directory.CreateDirectory(folder);

        var port = LoopbackPorts.Choose(spec.Port, PortsInUse());
        var record = new RunRecord(Guid.NewGuid().ToString("N"), request.Generation, port, time.GetUtcNow(), Machine.Boot, time.GetTimestamp());
        var values = new Dictionary<string, string>(_options.Variables) { ["port"] = $"{port}", ["data"] = disk, ["cache"] = cache };
        var environment = EngineEnvironment.Create(engine.Value, record.Uid, disk, temp,
            spec.Environment.Select(variable => KeyValuePair.Create(variable.Key, Fill(variable.Value, values))));
        var command = Fill(spec.Command, values);
        var arguments = spec.Arguments.Select(argument => Fill(argument, values)).ToList();
        var program = ProgramSearch.Find(command, environment["PATH"], disk)
            ?? throw new EngineStartException(new(Reasons.CommandMissing, command));

        _ports[engine] = port;
        _launching[engine] = true;
        try
        {
            if (!run.TryBegin(record))
                return Observe(engine) ?? throw new NotLeadingException(term);
            RequireBeforeFork(run, record);
            run.RotateLog();
            await Shim.LaunchAsync(run, record, program, arguments, environment, disk, _options.LaunchTimeout, time, ct);
        }
        catch (Exception e) when (e is EngineStartException or System.ComponentModel.Win32Exception)
        {
            await KillAsync(engine, ct);
            run.Clear();
            _ports.TryRemove(engine, out _);
            throw e as EngineStartException ?? new EngineStartException(new(Reasons.StartFailed, $"The machine can't start a process: {e.Message}"), e);
        }
        finally
        {
            _launching.TryRemove(engine, out _);
        }

        Log.Started(log, engine, request.Host, request.OwnerName, port);
        return Observe(engine) ?? throw new InvalidOperationException($"Engine {engine} was started and released at the same time.");
    }

    /// <summary>A worker that is paused right after this forks a shim that finds its launch called off, see <see cref="RunFolder"/>.</summary>
    private void RequireBeforeFork(RunFolder run, RunRecord record)
    {
        try
        {
            terms.Require(term);
        }
        catch (NotLeadingException)
        {
            run.TryCallOff(record);
            throw;
        }
    }

    private static string Fill(string text, Dictionary<string, string> values)
    {
        var filled = Placeholders.Fill(text, values, out var missing);
        return missing.Count == 0
            ? filled
            : throw new EngineStartException(new(Reasons.StartFailed,
                $"The template uses {{{missing[0]}}}, which is neither a word of the gateway nor set as Local:Variables:{missing[0]}."));
    }

    /// <summary>Asleep engines are many; after one reading of all folders the observations keep this up to date.</summary>
    private HashSet<int> PortsInUse()
    {
        if (!_portsKnown)
        {
            foreach (var engine in data.Engines())
            {
                var run = data.RunOf(engine);
                if (run.ReadRecord() is { } record && !run.HasExit(record.Uid))
                    _ports[engine] = record.Port;
            }

            _portsKnown = true;
        }

        return [.. _ports.Values];
    }

    private void RefuseWhileRunning(EngineId engine)
    {
        if (Observe(engine) is { Phase: not ComputePhase.Exited })
            throw new InvalidOperationException($"Engine {engine} still has processes; stop it first.");
    }

    private static void DeleteFolder(string path)
    {
        if (Directory.Exists(path))
            Directory.Delete(path, recursive: true);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Started engine {Engine} ({Host}) of {Owner} on port {Port}")]
        public static partial void Started(ILogger logger, EngineId engine, string host, string owner, int port);

        [LoggerMessage(Level = LogLevel.Information, Message = "Asked {Count} processes of engine {Engine} to end")]
        public static partial void StopAsked(ILogger logger, EngineId engine, int count);

        [LoggerMessage(Level = LogLevel.Warning, Message = "A worker ended while it started engine {Engine}; that launch is called off")]
        public static partial void CalledOff(ILogger logger, EngineId engine);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Engine {Engine} has processes without a record; taking them over")]
        public static partial void Adopted(ILogger logger, EngineId engine);
    }
}
