namespace Aspire.Hosting.Stores;

/// <summary>What a data folder already has. Redis counts for nothing here: what a tracker knows can be rebuilt.</summary>
internal sealed class StoreData(DistributedApplicationModel model, IReadOnlyList<IResource> needed)
{
    private readonly RunStore _store = needed[0].Store()!;

    public string Folder => _store.DataDirectory;

    /// <summary>The first database file with something in it.</summary>
    public string? File => needed.SelectMany(Databases)
        .Select(database => _store.File(database.Name))
        .FirstOrDefault(file => new FileInfo(file) is { Exists: true, Length: > 0 });

    private bool HasCluster => needed.Any(resource => resource is PostgresServerResource && PostgresData.MajorVersion(Path.Combine(FolderOf(resource), "data")) is not null);

    /// <summary>Named after the program; a second of its kind also by its own name.</summary>
    public string FolderOf(IResource resource)
    {
        var program = resource is RedisResource ? "redis" : "postgres";
        var isFirst = model.Resources.First(other => other.GetType() == resource.GetType()) == resource;
        return Path.Combine(Folder, isFirst ? program : $"{program}-{resource.Name}");
    }

    /// <summary>Of a server that is not configured itself, those that are not either.</summary>
    public IEnumerable<PostgresDatabaseResource> Databases(IResource server) =>
        model.Resources.OfType<PostgresDatabaseResource>().Where(database => database.Parent == server && _store.Configured(database.Name) is null);

    /// <summary>The kind that has the data; null when there are none, or when servers are asked for and none has any.</summary>
    public StoreKind? Kept(StoreMode mode)
    {
        if (!needed.OfType<PostgresServerResource>().Any()) return null;
        var last = KeptKind.Read(Folder);
        if (last == StoreKind.Containers) return last;
        if (HasCluster && (last == StoreKind.Machine || mode == StoreMode.Servers || File is null)) return StoreKind.Machine;
        return File is not null && mode == StoreMode.Automatic ? StoreKind.Embedded : null;
    }
}
