namespace Aspire.Hosting.Stores;

/// <summary>What a data folder already has. Redis counts for nothing here: what a tracker knows can be rebuilt.</summary>
internal sealed class StoreData(DistributedApplicationModel model, IReadOnlyList<IResource> needed)
{
    private readonly RunStore _store = needed[0].Store()!;

    public string Folder => _store.DataDirectory;

    /// <summary>The first database file with something in it.</summary>
    public string? File => FiledDatabase is { } database ? _store.File(database.Name) : null;

    /// <summary>The database that the file is of.</summary>
    public PostgresDatabaseResource? FiledDatabase => needed.SelectMany(Databases)
        .FirstOrDefault(database => new FileInfo(_store.File(database.Name)) is { Exists: true, Length: > 0 });

    /// <summary>Whether a run on this folder has used servers, as far as the folder tells.</summary>
    public bool HadServers => HasCluster || KeptKind.Read(Folder) is StoreKind.Machine or StoreKind.Containers;

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
