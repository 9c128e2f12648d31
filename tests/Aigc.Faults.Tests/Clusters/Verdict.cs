using System.Globalization;
using System.Text.RegularExpressions;
using Aigc.Engines.Lifecycle;
using Aigc.KubeSim.Objects;
using Aigc.Testing;

namespace Aigc.Faults.Tests.Clusters;

/// <summary>What must hold once nothing goes wrong any more.</summary>
internal sealed partial class Verdict(ClusterPlant plant, People people, PodWatch watch, ReadyWatch ready)
{
    /// <summary>A stop, a start and the longest pause between two tries, on a machine that is out of breath.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    /// <summary>Longer than a worker waits before it follows a broken watch again.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>The cluster tells whole seconds.</summary>
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    private static readonly CancellationToken None = CancellationToken.None;
    private readonly List<string> _failures = [];

    public async Task<(IReadOnlyList<string> Failures, string Summary)> ReachAsync()
    {
        var began = TimeProvider.System.GetTimestamp();
        await SettledAsync("what was last asked");
        var settling = TimeProvider.System.GetElapsedTime(began);
        await CheckAnswersAsync();
        await CheckObjectsAsync();
        await people.AllAsync(plant.SleepAsync, Desired.Asleep);
        await SettledAsync("everybody asleep");
        foreach (var life in watch.Lives.Where(life => life.Gone is null))
            Require(false, $"pod {life.Name} is there, and all engines sleep");
        var usage = await CheckUsageAsync();
        var files = CheckLedger();
        await CheckHistoryAsync();
        await people.AllAsync(engine => plant.DeleteAsync(engine, keepDisk: true), Desired.Deleted);
        await SettledAsync("everybody gone");
        await CheckObjectsAsync();
        return (_failures, string.Create(CultureInfo.InvariantCulture,
            $"{people.Asked.Count} engines, {watch.Lives.Count} pods, {files} files, settled in {settling.TotalSeconds:0.0} s; {usage}"));
    }

    private async Task SettledAsync(string what)
    {
        List<string> left = [];
        try
        {
            await Eventually.TrueAsync(what, Deadline, async () =>
            {
                var rows = (await plant.Engines.ListAllAsync(None)).ToDictionary(row => row.Id);
                left = [.. people.Asked.Where(one => !Is(rows.GetValueOrDefault(one.Key), one.Value)).Select(one => $"{one.Key} is to be {one.Value} and is {Text(rows.GetValueOrDefault(one.Key))}")];
                return left.Count == 0;
            });
        }
        catch (TimeoutException)
        {
            left.ForEach(one => Require(false, $"{what}: {one}"));
        }
    }

    private static bool Is(Engine? row, Desired asked) => asked switch
    {
        Desired.Deleted => row is null,
        Desired.Awake => row is { State: EngineState.Ready },
        _ => row is { State: EngineState.Asleep },
    };

    private static string Text(Engine? row) => row is null ? "gone" : $"{row.State}, {row.Reason}";

    /// <summary>What a broken watch has not told yet is made good once it is followed again.</summary>
    private async Task CheckAnswersAsync()
    {
        var began = TimeProvider.System.GetTimestamp();
        var wrong = await WrongAnswersAsync();
        while (wrong.Count > 0 && TimeProvider.System.GetElapsedTime(began) < Patience)
        {
            await Task.Delay(Tick, TimeProvider.System, None);
            wrong = await WrongAnswersAsync();
        }

        wrong.ForEach(one => Require(false, one));
    }

    private async Task<List<string>> WrongAnswersAsync()
    {
        var wrong = new List<string>();
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };
        foreach (var row in (await plant.Engines.ListAllAsync(None)).Where(row => row.State == EngineState.Ready))
        {
            try
            {
                var pod = await http.GetStringAsync(row.Address, None);
                if (!watch.Lives.Any(life => life.Name == pod && life.Uid == row.RuntimeUid))
                    wrong.Add($"at the address of {row.Id} answers {pod}");
            }
            catch (HttpRequestException exception)
            {
                wrong.Add($"{row.Id} is called ready and does not answer: {exception.Message}");
            }
        }

        return wrong;
    }

    /// <summary>Nothing without an owner, and no disk lost.</summary>
    private async Task CheckObjectsAsync()
    {
        var rows = (await plant.Engines.ListAllAsync(None)).Select(row => row.Id.Value).ToHashSet();
        var kept = await ReadAsync("SELECT engine_id FROM kept_disks", reader => reader.GetString(0));
        var mayHaveDisk = rows.Concat(kept).ToHashSet();
        foreach (var type in new[] { ResourceType.Pod, ResourceType.Deployment, ResourceType.Service, ResourceType.ServiceAccount, ResourceType.NetworkPolicy, ResourceType.PersistentVolumeClaim })
        {
            var owners = type == ResourceType.PersistentVolumeClaim ? mayHaveDisk : rows;
            foreach (var stray in Owned(type).Where(one => !owners.Contains(one.Labels["aigc/engine"])))
                Require(false, $"{stray.Key} belongs to nobody");
        }

        foreach (var engine in kept.Where(engine => watch.ClaimsGone.Contains(engine)))
            Require(false, $"the disk of {engine} was to be kept and is gone");
        foreach (var engine in watch.ClaimsGone.Where(engine => !people.HasGivenUpDisk(new(engine))))
            Require(false, $"the disk of {engine} is gone, and nobody asked for that");
    }

    private IEnumerable<StoredObject> Owned(ResourceType type) =>
        plant.Cluster.Store.List(type, ClusterPlant.Namespace).Where(one => one.Labels.ContainsKey("aigc/engine"));

    private int CheckLedger()
    {
        var files = 0;
        foreach (var line in File.ReadLines(plant.Ledger).Select(line => line.Split(' ')))
        {
            if (line[0] == "overlap")
                Require(false, $"{line[1]} found another at work on its disk {line[2]}");
            if (line[0] != "file")
                continue;
            files++;
            var engine = new EngineId(EngineIn().Match(line[1]).Groups[1].Value);
            Require(people.HasGivenUpDisk(engine) || (File.Exists(line[1]) && File.ReadAllText(line[1]) == line[1]), $"{line[1]} was written and is lost");
        }

        Require(files > 0, "no engine wrote anything: nothing was tried");
        return files;
    }

    /// <summary>None of these troubles is the engine's own.</summary>
    private async Task CheckHistoryAsync()
    {
        var failed = await ReadAsync(
            "SELECT engine_id, reason_code, reason_detail FROM engine_events WHERE state = 'Failed' AND reason_code NOT LIKE '%-asked' AND reason_code <> 'visit'",
            reader => $"engine {reader.GetString(0)} was called failed: {reader.GetString(1)} {(reader.IsDBNull(2) ? "" : reader.GetString(2))}");
        failed.ForEach(one => Require(false, one));
    }

    private async Task<string> CheckUsageAsync()
    {
        var intervals = await ReadAsync("SELECT runtime_uid, engine_id, started_at, ended_at FROM usage_intervals", reader => (
            Uid: reader.GetString(0), Engine: reader.GetString(1), Start: Time(reader.GetInt64(2)), End: reader.IsDBNull(3) ? (DateTimeOffset?)null : Time(reader.GetInt64(3))));
        var lives = watch.Lives.ToDictionary(life => life.Uid);
        var late = TimeSpan.Zero;
        foreach (var ofOne in intervals.GroupBy(interval => interval.Engine))
        {
            DateTimeOffset? before = null;
            foreach (var (uid, engine, start, end) in ofOne.OrderBy(interval => interval.Start).ThenBy(interval => interval.End ?? DateTimeOffset.MaxValue))
            {
                if (end is null || !lives.TryGetValue(uid, out var life) || life.Engine != engine || life is not { Placed: { } placed, Gone: { } gone })
                {
                    Require(false, $"usage of {uid} of {engine} from {start:O} to {end:O}, but it is {lives.GetValueOrDefault(uid)}");
                    continue;
                }

                Require(before is null || before <= start, $"usage of {engine} is counted twice: until {before:O}, and of {uid} from {start:O}");
                // Later than its pod's only where the one before it was counted so long.
                Require(start >= placed && (start <= placed + Tick || start == before), $"usage of {uid} begins {start:O}, its pod was placed {placed:O}");
                Require(end >= gone - Tick || end == start, $"usage of {uid} ends {end:O}, its pod was gone {gone:O}");
                late = end.Value - gone is var more && more > late ? more : late;
                before = end;
            }
        }

        foreach (var uid in ready.Pods.Where(uid => intervals.All(interval => interval.Uid != uid)))
            Require(false, $"people worked with pod {uid}, and nothing was counted");
        // What came and went while nobody looked.
        var unseen = lives.Values.Count(life => life is { Placed: not null } && intervals.All(interval => interval.Uid != life.Uid));
        return string.Create(CultureInfo.InvariantCulture, $"{intervals.Count} intervals, at most {late.TotalSeconds:0.0} s late, {unseen} placed pods without one");
    }

    private async Task<List<T>> ReadAsync<T>(string sql, Func<System.Data.Common.DbDataReader, T> read)
    {
        await using var connection = await plant.Database.OpenAsync(None);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<T>();
        while (await reader.ReadAsync())
            rows.Add(read(reader));
        return rows;
    }

    private static DateTimeOffset Time(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

    private void Require(bool holds, string otherwise)
    {
        if (!holds)
            _failures.Add(otherwise);
    }

    [GeneratedRegex("engine-([0-9a-f]{32})")]
    private static partial Regex EngineIn();
}
