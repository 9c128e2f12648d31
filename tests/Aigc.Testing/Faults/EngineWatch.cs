using System.Collections.Concurrent;
using System.Text;

namespace Aigc.Testing.Faults;

/// <summary>Looks at the process table by itself, and so knows when each run of an engine really began and ended.</summary>
public sealed class EngineWatch(Product product)
{
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);
    private readonly ConcurrentDictionary<string, Run> _runs = new();
    private readonly Dictionary<(int Pid, long Start), (string Engine, string Uid)?> _known = [];

    public sealed record Run(string Uid, string Engine, DateTimeOffset First, DateTimeOffset Last);

    public IReadOnlyCollection<Run> Runs => [.. _runs.Values];

    /// <summary>The engines that have processes right now.</summary>
    public IReadOnlySet<string> Look()
    {
        var now = TimeProvider.System.GetUtcNow();
        var alive = new HashSet<string>();
        foreach (var path in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(path), out var pid) || Read($"{path}/stat") is not { Length: > 0 } stat)
                continue;
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            if (fields[0] is "Z" or "X")
                continue;
            var key = (pid, long.Parse(fields[19], System.Globalization.CultureInfo.InvariantCulture));
            // A process that has not yet begun its program has its parent's environment: asked again next time.
            if (!_known.TryGetValue(key, out var mark) || mark is null)
                mark = _known[key] = MarkOf(Read($"{path}/environ"));
            if (mark is not var (engine, uid))
                continue;
            alive.Add(engine);
            _runs.AddOrUpdate(uid, _ => new(uid, engine, now, now), (_, run) => run with { Last = now });
        }

        return alive;
    }

    public async Task WatchAsync(CancellationToken end)
    {
        using var timer = new PeriodicTimer(Interval, TimeProvider.System);
        try
        {
            while (await timer.WaitForNextTickAsync(end))
                Look();
        }
        catch (OperationCanceledException)
        {
        }
    }

    /// <summary>The marks that every engine's process carries, if this one is of this product.</summary>
    private (string Engine, string Uid)? MarkOf(string environment)
    {
        if (!environment.Contains(product.Data, StringComparison.Ordinal))
            return null;
        var variables = environment.Split('\0');
        return ValueOf(variables, "AIGC_ENGINE_ID=") is { } engine && ValueOf(variables, "AIGC_ENGINE_UID=") is { } uid ? (engine, uid) : null;
    }

    private static string? ValueOf(string[] variables, string name) =>
        Array.Find(variables, variable => variable.StartsWith(name, StringComparison.Ordinal))?[name.Length..];

    private static string Read(string path)
    {
        try
        {
            return Encoding.UTF8.GetString(File.ReadAllBytes(path));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
