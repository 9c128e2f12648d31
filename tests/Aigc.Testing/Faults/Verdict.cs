using System.Globalization;
using System.Text.Json.Nodes;
using Aigc.Engines.Storage;

namespace Aigc.Testing.Faults;

/// <summary>What must hold once everybody has gone home.</summary>
internal sealed class Verdict(Product product, Ledger ledger, EngineWatch watch, IReadOnlyList<Visitor> people, Action<string> log)
{
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(2);

    /// <summary>The longest start and stop, an idle timeout and a drain, on a machine that is out of breath.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromMinutes(2);
    private readonly List<string> _failures = [];

    public async Task<FaultReport> ReachAsync()
    {
        var engines = await SettledAsync();
        foreach (var (owner, engine) in ledger.Engines)
            Require(engines.ContainsKey(engine), $"engine {engine} of {owner} was acknowledged and is gone");
        foreach (var wrong in ledger.Wrongs)
            Require(false, wrong);
        foreach (var person in people)
            Require(person.IsStillSignedIn, $"{person.Name} had to sign in again");
        CheckDisks();
        var intervals = await ReadUsageAsync();
        CheckUsage(intervals);
        Require(!ledger.Images.IsEmpty, "nobody made an image: nothing was tried");
        return new(_failures, string.Create(CultureInfo.InvariantCulture,
            $"{ledger.Engines.Count} engines, {ledger.Images.Count} images and {ledger.Files.Count} files acknowledged, {watch.Runs.Count} runs of engines, {intervals.Count} usage intervals"));
    }

    /// <summary>Everybody's engines, once all of them sleep and no process is left.</summary>
    private async Task<Dictionary<string, string>> SettledAsync()
    {
        var engines = new Dictionary<string, string>();
        try
        {
            await Eventually.TrueAsync("every engine sleeps", Settling, async () =>
            {
                engines = await StatesAsync() ?? engines;
                return engines.Count > 0 && engines.Values.All(state => state == "Asleep") && watch.Look().Count == 0;
            }, interval: TimeSpan.FromSeconds(1));
        }
        catch (TimeoutException)
        {
            foreach (var (engine, state) in engines.Where(pair => pair.Value != "Asleep"))
                Require(false, $"engine {engine} is stuck: {state}");
            foreach (var engine in watch.Look())
                Require(false, $"engine {engine} still has processes{(engines.ContainsKey(engine) ? "" : " and no row")}: {RunFolderOf(engine)}");
        }

        return engines;
    }

    /// <summary>Null while the gateway is still getting up.</summary>
    private async Task<Dictionary<string, string>?> StatesAsync()
    {
        try
        {
            var lists = new List<JsonArray>();
            foreach (var person in people)
                lists.Add(await person.EnginesAsync());
            return lists.SelectMany(list => list).ToDictionary(
                engine => engine!["id"]!.GetValue<string>(),
                engine => engine!["state"]!.GetValue<string>() is var state and not "Failed" ? state : $"Failed: {engine["reason"]}");
        }
        catch (Exception away) when (away is InvalidOperationException or HttpRequestException)
        {
            log($"not answering yet: {away.Message.Split('\n')[0]}");
            return null;
        }
    }

    /// <summary>What the worker goes by.</summary>
    private string RunFolderOf(string engine)
    {
        var run = new DirectoryInfo(Path.Combine(product.Data, "engines", engine, "run"));
        return string.Join(", ", run.EnumerateFiles("*", SearchOption.AllDirectories).Select(file =>
            $"{Path.GetRelativePath(run.FullName, file.FullName)} of {file.LastWriteTimeUtc:HH:mm:ss}{(file.Length < 1000 ? $" {File.ReadAllText(file.FullName).Trim()}" : "")}"));
    }

    private void CheckDisks()
    {
        foreach (var images in ledger.Images.GroupBy(image => image.Engine))
        {
            var folder = Path.Combine(product.Data, "engines", images.Key, "disk", "outputs");
            var saved = Directory.Exists(folder)
                ? new DirectoryInfo(folder).GetFiles("*.png").ToDictionary(file => file.Name[9..^4], file => file.Length)
                : [];
            foreach (var (_, seed) in images)
                Require(saved.GetValueOrDefault($"{seed}") > 0, $"image {seed} of engine {images.Key} was acknowledged and is not on its disk");
        }

        foreach (var (engine, path, content) in ledger.Files)
        {
            var file = Path.Combine(product.Data, "engines", engine, "disk", path);
            Require(File.Exists(file) && File.ReadAllText(file) == content, $"file {path} of engine {engine} was acknowledged and is not on its disk");
        }
    }

    /// <summary>Each run of an engine has one interval, as long as its processes lived, and no two of an engine overlap.</summary>
    private void CheckUsage(IReadOnlyList<Interval> intervals)
    {
        var byUid = intervals.ToDictionary(interval => interval.Uid);
        foreach (var run in watch.Runs)
        {
            if (!byUid.TryGetValue(run.Uid, out var interval))
                Require(run.Last - run.First < Tolerance, $"run {run.Uid} of engine {run.Engine} lived {run.Last - run.First} and has no usage interval");
            else if (interval.End is not { } ended)
                Require(false, $"the usage of run {run.Uid} of engine {run.Engine} has no end");
            else
                Require(
                    Near(interval.Start, run.First) && Near(ended, run.Last),
                    $"run {run.Uid} of engine {run.Engine} lived {run.First:O} to {run.Last:O}, its usage says {interval.Start:O} to {ended:O}");
        }

        foreach (var interval in intervals.Where(interval => watch.Runs.All(run => run.Uid != interval.Uid)))
            Require(interval.End - interval.Start < Tolerance, $"usage of {interval.Uid} from {interval.Start:O} to {interval.End:O}, but nothing ran");
        foreach (var ofOne in intervals.GroupBy(interval => interval.Engine))
        {
            foreach (var (one, next) in ofOne.OrderBy(interval => interval.Start).Zip(ofOne.OrderBy(interval => interval.Start).Skip(1)))
                Require(one.End <= next.Start, $"usage of engine {one.Engine} is counted twice: {one.Uid} until {one.End:O}, {next.Uid} from {next.Start:O}");
        }
    }

    private async Task<IReadOnlyList<Interval>> ReadUsageAsync()
    {
        var database = Database.FromConnectionString(product.ConnectionString("database"), TimeProvider.System);
        await using var connection = await database.OpenAsync(CancellationToken.None);
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT runtime_uid, engine_id, started_at, ended_at FROM usage_intervals";
        await using var reader = await command.ExecuteReaderAsync();
        var intervals = new List<Interval>();
        while (await reader.ReadAsync())
        {
            intervals.Add(new(
                reader.GetString(0), reader.GetString(1), DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(2)),
                await reader.IsDBNullAsync(3) ? null : DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(3))));
        }

        return intervals;
    }

    private static bool Near(DateTimeOffset one, DateTimeOffset other) => (one - other).Duration() <= Tolerance;

    private void Require(bool holds, string otherwise)
    {
        if (!holds)
            _failures.Add(otherwise);
    }

    private sealed record Interval(string Uid, string Engine, DateTimeOffset Start, DateTimeOffset? End);
}
