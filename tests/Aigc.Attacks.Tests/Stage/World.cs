using System.Data.Common;
using Aigc.Attacks.Tests.HostileEngine;
using Aigc.Engines.Storage;
using Aigc.Testing;
using Dapper;

namespace Aigc.Attacks.Tests.Stage;

/// <summary>Everything that an attack must leave as it was: the database, the disks, the processes.</summary>
internal sealed class World(Product product) : IAsyncDisposable
{
    /// <summary>What the product writes and measures by itself, and the record of refusals, which is there to grow.</summary>
    private static readonly string[] OwnPace = ["changes", "leaderships", "audit", "disk_intervals", "usage_parts", "work_counts"];

    /// <summary>Noted with each use, also with a refused one; and what the worker says of an engine at each look. A visit is a field of its own.</summary>
    private static readonly string[] OfItself = ["last_seen_at", "outlook"];

    private readonly Database _database = Database.FromConnectionString(product.ConnectionString("database"), TimeProvider.System);
    private readonly string _engines = Path.Combine(product.Data, "engines");

    /// <summary>Each row, file and process by a name of its own.</summary>
    public async Task<IReadOnlyDictionary<string, string>> LookAsync()
    {
        var seen = new SortedDictionary<string, string>(StringComparer.Ordinal);
        await using var connection = await _database.OpenAsync(CancellationToken.None);
        var tables = await connection.QueryAsync<string>("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'");
        foreach (var table in tables.Except(OwnPace))
            await AddRowsAsync(connection, table, seen);
        foreach (var engine in Directory.EnumerateDirectories(_engines).Where(folder => !Path.GetFileName(folder).StartsWith('.')))
            AddEngine(Path.GetFileName(engine), seen);
        return seen;
    }

    /// <summary>What reached an engine, its own health checks aside.</summary>
    public IReadOnlyList<string> ReceivedBy(TakenEngine engine) => Diary.Read(DiskOf(engine));

    public string DiskOf(TakenEngine engine) => Path.Combine(_engines, engine.Id, "disk");

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    private static async Task AddRowsAsync(DbConnection connection, string table, SortedDictionary<string, string> seen)
    {
        foreach (IDictionary<string, object?> row in await connection.QueryAsync($"SELECT * FROM {table}"))
        {
            var fields = row.Where(field => !field.Key.StartsWith("last_used", StringComparison.Ordinal) && !OfItself.Contains(field.Key));
            var text = string.Join(' ', fields.Select(field => $"{field.Key}={field.Value}"));
            seen[$"{table} {text}"] = "";
        }
    }

    private void AddEngine(string id, SortedDictionary<string, string> seen)
    {
        seen[$"processes of {id}"] = string.Join(' ', Processes.Find(product.Data, id).Order());
        var disk = new DirectoryInfo(Path.Combine(_engines, id, "disk"));
        if (disk.Exists)
            AddFolder(disk, seen);
    }

    /// <summary>A link is what it is, not where it leads; the diary is the engine's own, and looked at by itself.</summary>
    private static void AddFolder(DirectoryInfo folder, SortedDictionary<string, string> seen)
    {
        foreach (var entry in folder.EnumerateFileSystemInfos().Where(entry => entry.Name != Diary.FileName))
        {
            seen[$"file {entry.FullName}"] = entry.LinkTarget ?? (entry is FileInfo file ? $"{file.LastWriteTimeUtc:O} {file.Length}" : "");
            if (entry is DirectoryInfo inner && entry.LinkTarget is null)
                AddFolder(inner, seen);
        }
    }
}
