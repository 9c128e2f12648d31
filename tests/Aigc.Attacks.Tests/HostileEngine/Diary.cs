using System.Text.Json;

namespace Aigc.Attacks.Tests.HostileEngine;

/// <summary>Every request that reached the engine, as it came: one JSON text a line.</summary>
internal sealed class Diary(string folder)
{
    public const string FileName = "requests.log";

    private readonly Lock _writing = new();
    private readonly string _file = Path.Combine(folder, FileName);

    public void Add(string head)
    {
        lock (_writing)
            File.AppendAllText(_file, JsonSerializer.Serialize(head) + "\n");
    }

    public static IReadOnlyList<string> Read(string folder)
    {
        var file = Path.Combine(folder, FileName);
        return File.Exists(file) ? [.. File.ReadLines(file).Select(line => JsonSerializer.Deserialize<string>(line)!)] : [];
    }
}
