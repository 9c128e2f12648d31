using System.Security.Cryptography;
using System.Text;
using Aigc.Engines.Lifecycle;
using Aigc.Engines.People;
using Microsoft.Extensions.Options;

namespace Aigc.Worker.Local;

/// <summary>Where things are: <c>engines/{id}/disk</c>, <c>engines/{id}/run</c>, <c>engines/{id}/tmp</c> and <c>cache/{owner}</c>.</summary>
public sealed class DataFolder(IOptions<LocalOptions> options)
{
    private readonly string _root = options.Value.DataFolder;

    /// <summary>What an engine may write and what stays when it sleeps.</summary>
    public string DiskOf(EngineId engine) => Path.Combine(FolderOf(engine), "disk");

    /// <summary>Emptied whenever the engine has ended.</summary>
    public string TempOf(EngineId engine) => Path.Combine(FolderOf(engine), "tmp");

    public string FolderOf(EngineId engine) => Path.Combine(_root, "engines", engine.Value);

    /// <summary>Which leaders' terms have begun here.</summary>
    public string Terms => Path.Combine(_root, "engines", ".terms");

    internal RunFolder RunOf(EngineId engine) => new(Path.Combine(FolderOf(engine), "run"));

    /// <summary>Owner ids come from elsewhere and may hold anything, so they are hashed to become a folder name.</summary>
    public string CacheOf(UserId owner) =>
        Path.Combine(_root, "cache", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(owner.Value)))[..32]);

    /// <summary>Every engine with a folder; throws where the folder of all can't be read.</summary>
    public IEnumerable<EngineId> Engines()
    {
        var engines = Directory.CreateDirectory(Path.Combine(_root, "engines"));
        foreach (var folder in engines.EnumerateDirectories())
        {
            if (EngineId.TryParse(folder.Name, out var id))
                yield return id;
        }
    }
}
