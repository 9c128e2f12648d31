using System.Globalization;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.People;
using Aigc.Engines.Templates;
using Aigc.Worker.Local;
using Aigc.Worker.Runtimes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Aigc.Worker.Tests.Local;

/// <summary>A data folder of its own, with a worker's runtime on it; nothing that it started outlives it.</summary>
internal sealed class LocalMachine : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("aigc-");
    private readonly LocalOptions _options;

    public LocalMachine()
    {
        _options = new() { DataFolder = _folder.FullName, WatchInterval = TimeSpan.FromMilliseconds(20) };
        Runtime = NewWorker();
    }

    public LocalEngineRuntime Runtime { get; }
    public LocalOptions Options => _options;
    public DataFolder Data => new(Microsoft.Extensions.Options.Options.Create(_options));

    /// <summary>What a worker sees that starts on the same folder.</summary>
    /// <param name="term">Of the worker's leadership: the same as the first one's unless it replaces it.</param>
    public LocalEngineRuntime NewWorker(long term = 1, TimeProvider? time = null) => new(new(term), new(Data), Data, Microsoft.Extensions.Options.Options.Create(_options), time ?? TimeProvider.System, NullLogger<LocalEngineRuntime>.Instance);

    public static Template Template(string command, params string[] arguments) => new()
    {
        Name = "test",
        Title = new("Test"),
        Description = new("Test"),
        Version = "1",
        Local = new(command, arguments, new Dictionary<string, string>()),
    };

    public static Template Shell(string script) => Template("sh", "-c", script);

    public static StartRequest Request(Template template, EngineId? engine = null, long generation = 1) =>
        new(engine ?? EngineId.New(), generation, template, new UserId("alice"), "Alice", "test-alice");

    public Task<Compute> StartAsync(string script) => Runtime.StartAsync(Request(Shell(script)), CancellationToken.None);

    public string DiskFile(EngineId engine, string name) => Path.Combine(Data.DiskOf(engine), name);

    /// <summary>The pid that a script wrote to a file of its disk.</summary>
    public async Task<int> PidAsync(EngineId engine, string name)
    {
        var file = DiskFile(engine, name);
        await Wait.UntilAsync(() => File.Exists(file) && File.ReadAllText(file).EndsWith('\n'), name);
        return int.Parse(await File.ReadAllTextAsync(file), CultureInfo.InvariantCulture);
    }

    public string ShimFile(Compute compute) => Data.RunOf(compute.Engine).ShimPath(compute.Uid);

    public string ExitFile(Compute compute) => Data.RunOf(compute.Engine).ExitPath(compute.Uid);

    public Task<Compute?> ExitedAsync(EngineId engine) => Wait.UntilAsync(
        () => Runtime.FindAsync(engine, CancellationToken.None), compute => compute is { Phase: ComputePhase.Exited }, "the end of the engine");

    public async ValueTask DisposeAsync()
    {
        using var last = NewWorker(term: long.MaxValue);
        foreach (var compute in await last.ListAsync(CancellationToken.None))
            await last.KillAsync(compute.Engine, CancellationToken.None);

        Runtime.Dispose();
        _folder.Delete(recursive: true);
    }
}
